// The library: browse by system, maker and document, read a document in its order, search as you type, see a passage's page.

import { at, make } from "/dom.js";
import { view } from "/viewer.js";

const PAUSE_MS = 120;
const MOST = 200; // documents shown at once; the filters and the field narrow them down
const NARROW = { system: "systems", maker: "makers" };

let documents = [];
let chosen = null; // the document that the search is kept to
let searching = new AbortController();
let pause = 0;
let above = []; // headings under which the last passage shown stands

async function listed(signal) {
  const reply = await fetch("/v1/library/documents", { signal });
  const result = await reply.json();
  if (!reply.ok) throw new Error(result.error);
  return result.documents;
}

/** Learn what there is, so that the citations which can be opened are known. */
export async function learn() {
  try {
    documents = await listed();
  } catch {
    documents = []; // the badge tells that the box is not reached or not well
  }
}

/** Say whether the library may hold what is cited. */
export function opens({ pack, section, location }) {
  return location !== null || (section !== "" && pack !== "records" && pack !== "calculators");
}

/** Open what an answer cites: its very passage, or the page of its document, or the section that it names. */
export function cite({ document, edition, section, quote, location }) {
  if (location?.passage) return view(pathOf(location.passage));
  if (location) {
    const original = documents.flatMap((one) => one.originals).find((file) => file.id === location.document);
    return view({ document, original: original ?? { id: location.document, edition, format: "", pages: 0 }, page: location.page });
  }
  return view(`/v1/library/cited?${new URLSearchParams({ document, edition, section, quote: quote.slice(0, 300) })}`);
}

function pathOf(passage) {
  return `/v1/library/passages/${passage.split("/").map(encodeURIComponent).join("/")}`;
}

function fits(one, words) {
  const text = `${one.document} ${one.makers.join(" ")} ${one.models.join(" ")} ${one.systems.join(" ")}`.toLowerCase();
  const narrowed = Object.entries(NARROW).every(([id, list]) => !at(id).value || one[list].includes(at(id).value));
  return narrowed && words.every((word) => text.includes(word));
}

function line(...parts) {
  return parts.flat().filter(Boolean).join(" · ");
}

function result(title, place, text, onclick) {
  return make(
    "li",
    {},
    make(
      "button",
      { type: "button", kind: "found", onclick },
      title && make("strong", { text: title }),
      place && make("span", { kind: "place", text: place }),
      text && make("span", { text }),
    ),
  );
}

function shelves() {
  const words = at("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = chosen ? [] : documents.filter((one) => fits(one, words));
  const some = fitting.slice(0, MOST);
  at("documents").replaceChildren(
    ...some.map((one) =>
      result(one.document, line(one.makers, one.models.slice(0, 3), one.systems, one.editions.length === 1 && one.editions), "", () => choose(one)),
    ),
  );
  at("shelved").textContent = chosen || !fitting.length
    ? ""
    : `${fitting.length} of ${documents.length} documents${fitting.length > MOST ? `; the first ${MOST} are shown` : ""}`;
}

function choose(one) {
  chosen = one;
  at("chosen").hidden = !one;
  at("chosen-name").textContent = one?.document ?? "";
  const pages = one?.originals.find((file) => file.format === "pdf" && file.pages);
  at("open-pages").hidden = !pages;
  at("open-pages").onclick = () => view({ document: one.document, original: pages, page: 1 });
  at("search").value = "";
  document.querySelector("main").scrollTop = 0;
  shelves();
  search();
}

function found({ hits }) {
  at("hits").replaceChildren(
    ...hits.map((hit) =>
      result(
        hit.heading.at(-1) || hit.document,
        line(hit.heading.length && hit.document, hit.edition, hit.section && `section ${hit.section}`, hit.page !== null && `page ${hit.page}`),
        hit.text,
        () => view(pathOf(hit.id)),
      ),
    ),
  );
}

/** Add passages to the document that is shown, each heading where it begins. */
function placed({ passages }) {
  for (const one of passages) {
    const from = one.heading.findIndex((name, depth) => name !== above[depth]);
    const back = from < 0 && one.heading.length !== above.length; // to what stands under the heading above alone
    const fresh = back ? one.heading.slice(-1) : from < 0 ? [] : one.heading.slice(from);
    above = one.heading;
    for (const name of fresh) at("hits").append(make("li", {}, make("h3", { text: name })));
    const place = line(chosen.editions.length > 1 && one.edition, one.section && `section ${one.section}`, one.page !== null && `page ${one.page}`);
    at("hits").append(result("", place, one.text, () => view(pathOf(one.id))));
  }
}

/** Show the chosen document from its beginning, or go on with it. */
async function read(start, signal) {
  const query = new URLSearchParams({ document: chosen.document, pack: chosen.pack, start });
  const reply = await fetch(`/v1/library/contents?${query}`, { signal });
  const result = await reply.json();
  if (signal.aborted) return;
  if (!reply.ok) {
    if (!start) at("hits").replaceChildren();
    at("search-status").textContent = `${result.error}: ${result.advice}`;
    return;
  }
  if (!start) {
    above = [];
    at("hits").replaceChildren();
  }
  placed(result);
  at("search-status").textContent = "";
  at("more").hidden = result.next === null;
  at("more").textContent = `More (${result.start + result.passages.length} of ${result.total} shown)`;
  at("more").onclick = () => go(() => read(result.next, signal));
}

/** Do what asks the box, and say when it is not reached. */
async function go(asking) {
  at("more").disabled = true;
  try {
    await asking();
  } catch (error) {
    if (error.name !== "AbortError") at("search-status").textContent = "The box was not reached.";
  } finally {
    at("more").disabled = false;
  }
}

/** Search for what stands in the field now; what was searched before is given up. */
async function search() {
  searching.abort();
  searching = new AbortController();
  const { signal } = searching;
  const q = at("search").value.trim();
  at("more").hidden = true;
  if (!q && chosen) {
    await go(() => read(0, signal));
    return;
  }
  if (!q) {
    at("hits").replaceChildren();
    at("search-status").textContent = "";
    return;
  }
  const query = new URLSearchParams({ q, system: at("system").value, maker: at("maker").value });
  if (chosen) {
    query.set("document", chosen.document);
    query.set("pack", chosen.pack);
  }
  await go(async () => {
    const reply = await fetch(`/v1/library/search?${query}`, { signal });
    const result = await reply.json();
    if (signal.aborted) return;
    found(reply.ok ? result : { hits: [] });
    at("search-status").textContent = reply.ok ? (result.hits.length ? "" : "Nothing found in the texts.") : `${result.error}: ${result.advice}`;
  });
}

function options(id) {
  const names = [...new Set(documents.flatMap((one) => one[NARROW[id]]))].sort((a, b) => a.localeCompare(b));
  const kept = at(id).value;
  at(id).replaceChildren(make("option", { value: "", text: `Any ${id}` }), ...names.map((name) => make("option", { value: name, text: name })));
  at(id).value = names.includes(kept) ? kept : "";
}

/** Show the library as it is now. */
export async function enter() {
  await learn();
  for (const id of Object.keys(NARROW)) options(id);
  shelves();
}

at("search").addEventListener("input", () => {
  shelves();
  clearTimeout(pause);
  pause = setTimeout(search, PAUSE_MS);
});
at("searching").addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(pause);
  search();
});
for (const id of Object.keys(NARROW)) {
  at(id).addEventListener("change", () => {
    shelves();
    search();
  });
}
at("all-documents").addEventListener("click", () => choose(null));
