// The viewer: a passage with its page, or where there is no page, with its section.

import { at, make } from "/dom.js";

let original = null;
let page = 1;
let marked = null; // number of the page with the mark, and the path of its picture

function turn(to) {
  page = to;
  const picture = at("picture");
  at("view-status").textContent = "Drawing the page…";
  picture.alt = `Page ${page}`;
  picture.src = marked?.page === page ? marked.path : `/v1/library/documents/${original.id}/pages/${page}.png`;
  at("page-number").textContent = original.pages ? `Page ${page} of ${original.pages}` : `Page ${page}`;
  at("page-before").disabled = page <= 1;
  at("page-after").disabled = original.pages > 0 && page >= original.pages;
}

function show(title, place, source) {
  at("view-title").textContent = title;
  at("view-place").textContent = place;
  at("view-source").textContent = source;
}

function clear() {
  original = marked = null;
  show("", "", "");
  at("view-text").replaceChildren();
  at("page").hidden = true;
  at("picture").removeAttribute("src");
  at("picture").classList.remove("near");
  at("view-status").textContent = "";
}

function text(passage) {
  const parts = passage.around.length ? passage.around : [passage];
  at("view-text").replaceChildren(
    ...parts.map((part) => (part.id === passage.id ? make("p", {}, make("mark", { text: part.text })) : make("p", { text: part.text }))),
  );
}

function showPassage(passage) {
  const place = [passage.edition, passage.section && `section ${passage.section}`, passage.page !== null && `page ${passage.page}`, ...passage.heading];
  show(passage.document, place.filter(Boolean).join(" · "), passage.source && `Source: ${passage.source}`);
  text(passage);
  if (!passage.picture) return;
  original = passage.original;
  marked = { page: passage.page, path: passage.picture };
  at("page").hidden = false;
  turn(passage.page);
}

/** View a passage by its path, or a document's pages: `{document, original, page}`. */
export async function view(what) {
  clear();
  if (!at("viewer").open) at("viewer").showModal();
  at("view-body").scrollTop = 0;
  if (typeof what !== "string") {
    show(what.document, what.original.edition, "");
    if (what.page === null || (what.original.format && what.original.format !== "pdf")) {
      at("view-status").textContent = "This document has no pages to show; read it in the Library.";
      return;
    }
    original = what.original;
    at("page").hidden = false;
    turn(what.page);
    return;
  }
  at("view-status").textContent = "Looking…";
  try {
    const reply = await fetch(what);
    const result = await reply.json();
    at("view-status").textContent = "";
    if (reply.ok) showPassage(result);
    else show("Not on this box", result.error, "");
  } catch {
    at("view-status").textContent = "The box was not reached.";
  }
}

at("picture").addEventListener("load", () => {
  at("view-status").textContent = "";
});
at("picture").addEventListener("error", () => {
  if (!at("picture").hasAttribute("src")) return;
  at("view-status").textContent = at("view-text").childElementCount
    ? "This page can't be drawn; its text stands below."
    : "This page is not on this box, or can't be drawn.";
});
at("picture").addEventListener("click", () => at("picture").classList.toggle("near"));
at("page-before").addEventListener("click", () => turn(page - 1));
at("page-after").addEventListener("click", () => turn(page + 1));
at("view-close").addEventListener("click", () => at("viewer").close());
at("viewer").addEventListener("close", clear);
