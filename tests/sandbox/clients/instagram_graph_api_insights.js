// Asks for insights with the npm client "instagram-graph-api", unchanged but for the host, which it
// has no option for. Prints what it learned as JSON.
"use strict";

const [sandbox, account, media] = process.argv.slice(2);

const realFetch = globalThis.fetch;
globalThis.fetch = async (request) => {
  const there = new URL(request.url);
  return realFetch(sandbox + there.pathname + there.search, { method: request.method });
};

const { Client } = require("instagram-graph-api");

async function main() {
  const client = new Client("good", account);
  const told = await client
    .newGetSimplePostMediaInsightsRequest(media, "reach", "saved")
    .execute();
  // Not a metric that is gone: it breaks on every refusal here, on the real platform as well.
  return {
    names: told.getMetrics().map((metric) => metric.getMetricName()),
    periods: told.getMetrics().map((metric) => metric.getMetricPeriod()),
    reach: told.getMetricByName("reach").getHighest().value,
  };
}

main().then(
  (found) => console.log(JSON.stringify(found)),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
