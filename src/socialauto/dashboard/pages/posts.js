// The list of posts: its rows come as scripts, because a page that was opened as a file may load
// nothing else. Everything is written as text, never as markup.
"use strict";

const [STATUS, TONE, TIME, ACCOUNT, PLATFORM, TYPE, TITLE, NAME, PAGE, LATE, AUTHOR, TAGS] =
  Array(12).keys();
const SHOWN = 50;
const FIELDS = ["words", "status", "account", "platform", "type", "author", "tag", "order", "day"];
const FROM = "from";

const byId = (id) => document.getElementById(id);
const list = byId("list");
const words = Object.fromEntries(
  [...byId("status").options].map((option) => [option.value, option.text]),
);
const rows = [];
let pieces = 0;
let first = 0;

// Called by each data/rows-N.js.
window.socialautoRows = (more) => {
  for (const row of more) rows.push(row);
};

function load() {
  if (pieces === Number(list.dataset.pieces)) return;
  const script = document.createElement("script");
  script.src = `${list.dataset.root}data/rows-${pieces}.js`;
  script.onload = () => {
    pieces += 1;
    show();
    load();
  };
  script.onerror = () => {
    byId("count").textContent = "The rest of the list could not be loaded; build the site again.";
  };
  document.head.append(script);
}

function wanted() {
  return Object.fromEntries(FIELDS.map((name) => [name, byId(name).value]));
}

function chosen(filter) {
  const tag = filter.tag.trim().replace(/^#/, "").toLowerCase();
  const terms = filter.words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter(
    (row) =>
      (!filter.status || row[STATUS] === filter.status) &&
      (!filter.account || row[ACCOUNT] === filter.account) &&
      (!filter.platform || row[PLATFORM] === filter.platform) &&
      (!filter.type || row[TYPE] === filter.type) &&
      (!filter.author || row[AUTHOR] === filter.author) &&
      (!tag || row[TAGS].split(" ").includes(tag)) &&
      (!filter.day || row[TIME].startsWith(filter.day)) &&
      terms.every((term) => `${row[TITLE]} ${row[NAME]}`.toLowerCase().includes(term)),
  );
  if (filter.order) {
    const turn = filter.order === "old" ? 1 : -1;
    found.sort((a, b) => (a[TIME] < b[TIME] ? -turn : a[TIME] > b[TIME] ? turn : 0));
  }
  return found;
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function written(time) {
  const [year, month, day] = time.slice(0, 10).split("-").map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  const part = (name) => date.toLocaleString("en-GB", { [name]: "short", timeZone: "UTC" });
  return `${part("weekday")} ${day} ${part("month").slice(0, 3)} ${year}, ${time.slice(11)}`;
}

function line(row) {
  const made = element("tr");
  const status = element("td");
  status.append(element("span", `pill ${row[TONE]}`, words[row[STATUS]]));
  if (row[LATE]) status.append(" ", element("span", "pill working", row[LATE]));
  const what = element("td", "what");
  const link = element("a", "name");
  link.href = list.dataset.root + row[PAGE];
  link.append(element("bdi", "", row[TITLE]));
  what.append(link);
  if (row[NAME]) what.append(element("small", "", ""));
  if (row[NAME]) what.lastChild.append(element("bdi", "", row[NAME]));
  const account = element("td", "on");
  account.append(element("bdi", "", row[ACCOUNT]));
  made.append(status, element("td", "time", written(row[TIME])), what, account);
  made.append(element("td", "kind", row[TYPE]));
  return made;
}

function count(found) {
  const all = Number(list.dataset.total);
  if (rows.length < all) return `${found} found, reading ${rows.length} of ${all} posts`;
  return found === all ? `${all} post${all === 1 ? "" : "s"}` : `${found} of ${all} posts`;
}

function show() {
  if (!rows.length) return; // what the page came with stands until the first rows are here
  const found = chosen(wanted());
  first = Math.min(first, Math.max(0, Math.floor((found.length - 1) / SHOWN) * SHOWN));
  const shown = found.slice(first, first + SHOWN);
  list.tBodies[0].replaceChildren(...shown.map(line));
  byId("count").textContent = count(found.length);
  byId("clear").hidden = !Object.values(wanted()).some(Boolean);
  byId("turn").hidden = found.length <= SHOWN;
  byId("place").textContent = `${first + 1} to ${first + shown.length} of ${found.length}`;
  byId("back").disabled = first === 0;
  byId("forth").disabled = first + SHOWN >= found.length;
}

// The address keeps what was asked for, so that it can be shared.
function remember() {
  const asked = Object.entries(wanted()).filter(([, value]) => value);
  if (first) asked.push([FROM, first + 1]);
  history.replaceState(null, "", `#${new URLSearchParams(asked)}`);
}

function recall() {
  const asked = new URLSearchParams(location.hash.slice(1));
  for (const name of FIELDS) byId(name).value = asked.get(name) ?? "";
  first = Math.floor((Math.max(1, Number(asked.get(FROM)) || 1) - 1) / SHOWN) * SHOWN;
  show();
}

function turn(by) {
  first += by;
  remember();
  show();
  list.scrollIntoView();
}

byId("filters").addEventListener("input", () => {
  first = 0;
  remember();
  show();
});
byId("clear").addEventListener("click", () => {
  history.replaceState(null, "", location.pathname);
  recall();
  byId("words").focus();
});
byId("back").addEventListener("click", () => turn(-SHOWN));
byId("forth").addEventListener("click", () => turn(SHOWN));
window.addEventListener("hashchange", recall);
byId("filters").hidden = false;
recall();
load();
