// Drives the npm client "instagram-graph-api", unchanged: it has no option for another host, so the
// fetch that it calls is given the sandbox's address. Prints what it learned as JSON.
"use strict";

const [sandbox, account, photo, square, tall, film] = process.argv.slice(2);

const realFetch = globalThis.fetch;
const sent = [];
globalThis.fetch = async (request) => {
  const there = new URL(request.url);
  sent.push(`${request.method} ${there.pathname}`);
  return realFetch(sandbox + there.pathname + there.search, { method: request.method });
};

const { Client } = require("instagram-graph-api");

async function main() {
  const client = new Client("good", account);
  const create = async (request) => {
    const answer = await request.execute();
    if (!answer.getId()) throw new Error(JSON.stringify(answer.getData()));
    return answer.getId();
  };
  const publish = async (container) => {
    const status = await client.newGetContainerRequest(container).execute();
    if (status.getContainerStatusCode() !== "FINISHED") throw new Error(JSON.stringify(status));
    return (await client.newPostPublishMediaRequest(container).execute()).getId();
  };

  // Not its user_tags, which it sends as "[object Object]", and not its items of a carousel, whose
  // parameter it misspells: those two never worked anywhere.
  const image = await publish(
    await create(client.newPostPagePhotoMediaRequest(photo, "A photo", "7640348500")),
  );
  const items = [];
  for (const url of [photo, square]) {
    const query = new URLSearchParams({ image_url: url, is_carousel_item: "true" });
    query.set("access_token", "good");
    const answer = await realFetch(`${sandbox}/${account}/media?${query}`, { method: "POST" });
    items.push((await answer.json()).id);
  }
  await publish(await create(client.newPostPageCarouselMediaRequest(items, "Two of a kind")));
  await publish(await create(client.newPostPageReelMediaRequest(film, "A film", 1500, true)));
  await publish(await create(client.newPostPageStoriesPhotoMediaRequest(tall)));
  await publish(await create(client.newPostPageStoriesVideoMediaRequest(film)));

  const comment = await create(client.newPostMediaCommentRequest(image, "Link in bio"));
  await create(client.newPostReplyRequest(comment, "Thanks"));
  await client.newPostHideCommentRequest(comment, true).execute();
  const comments = await client.newGetMediaCommentsRequest(image, "text", "hidden").execute();
  await client.newDeleteCommentRequest(comment).execute();
  const left = await client.newGetMediaCommentsRequest(image, "text").execute();

  const stories = await client.newGetPageStoriesRequest().execute();
  const limit = await client.newGetContentPublishingLimitRequest("quota_usage", "config").execute();
  const info = await client.newGetMediaInfoRequest(image, "caption", "media_product_type").execute();
  const refused = (await client.newPostPublishMediaRequest("1").execute()).getData();

  return {
    comments: comments.getTexts(),
    hidden: comments.getHidden(),
    left: left.getTexts(),
    stories: stories.getIds().length,
    quota: limit.getQuotaTotal(),
    caption: info.getCaption(),
    product: info.getMediaProductType(),
    refused,
    versioned: sent.some((line) => line.includes("/v2")),
  };
}

main().then(
  (found) => console.log(JSON.stringify(found)),
  (error) => {
    console.error(error, sent);
    process.exit(1);
  },
);
