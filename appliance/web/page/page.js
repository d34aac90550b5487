// The page: ask by typing, talking or sending a recording; show each answer with its source.
// Whatever comes from the box is put in as text, never as markup.

import { at, make } from "/dom.js";
import { cite, enter, learn, opens } from "/library.js";
import { typed } from "/talk.js";
import { complaint } from "/wrong.js";

const EXAMPLES = [
  "What's the amp draw for Carrier 50TCQA06?",
  "How often is a dry pipe valve full-flow trip tested?",
  "Tell me about the customer at WeWork",
  "What flow does a K 5.6 head give at 15 psi?",
];
const RUNGS = {
  evidence: "Composed from the evidence",
  extractive: "Quoted from the sources",
  local: "Worded by the model on the box",
  gemini: "Worded by Gemini",
  control: "Answered by the box",
};
const KEPT = 20;
const LONG = 160; // characters that still fit a phone in large letters
const HEALTH_MS = 15_000;

const turns = at("turns");
const question = at("question");
const send = at("send");
let busy = false;

export function tell(text) {
  at("status").textContent = text;
}

export function warn(error, advice) {
  const box = at("trouble");
  box.hidden = !error;
  box.querySelector("strong").textContent = error ?? "";
  box.querySelector("span").textContent = advice ?? "";
}

/* ---- health ---- */

function badge(state, text, title) {
  const element = at("badge");
  if (element.textContent !== text) element.textContent = text;
  element.dataset.state = state;
  element.title = title;
}

async function health() {
  try {
    const reply = await (await fetch("/v1/health")).json();
    const ill = reply.parts.filter((part) => !part.well).map((part) => `${part.name}: ${part.uses}. ${part.advice}`);
    if (!reply.able) badge("unwell", "Needs help", ill.join("\n"));
    else if (reply.online) badge("online", "Online", ill.join("\n") || "Every part is well");
    else badge("offline", "Offline", ill.join("\n") || "Works without internet; every part is well");
  } catch {
    badge("lost", "Box not reached", "Is it switched on, and are you on its network?");
  }
}

/* ---- showing ---- */

function card({ title, rows, note }, told) {
  const list = make("dl");
  for (const [label, value] of rows) list.append(make("dt", { text: label }), make("dd", { text: value }));
  return make("article", { kind: "card" }, make("h3", { text: title }), list, note && !told.includes(note) && make("p", { kind: "note", text: note }));
}

/** A quote that the answer repeats word for word need not stand there twice. */
function sources({ citations, said }) {
  if (!citations.length) return null;
  const list = make("ul", { kind: "sources", ariaLabel: "Sources" });
  for (const citation of citations) {
    const source = opens(citation)
      ? make("button", { type: "button", kind: "source open", text: citation.text, onclick: () => cite(citation) })
      : make("p", { kind: "source", text: citation.text });
    list.append(make("li", {}, source, citation.quote && !said.includes(citation.quote) && make("blockquote", { text: citation.quote })));
  }
  return list;
}

/** What must be seen at a glance: each once. */
function marksOf(answer) {
  const notes = new Set(answer.citations.map((citation) => citation.note));
  return [answer.abstained && "The sources do not say", ...notes].filter(Boolean);
}

function timings(answer) {
  const table = make("tbody");
  for (const [step, ms] of Object.entries(answer.timings)) {
    table.append(make("tr", {}, make("td", { text: step }), make("td", { text: `${ms.toFixed(1)} ms` })));
  }
  const total = answer.timings.total;
  const label = `${RUNGS[answer.rung]}${total === undefined ? "" : ` in ${Math.round(total)} ms`}${answer.cached ? ", from the cache" : ""}`;
  return make("details", {}, make("summary", { text: label }), make("table", {}, table));
}

/** Show an answer; where sound comes, its place is kept, so that nothing moves under a thumb. */
export function show({ answer, heard, sound }) {
  const repaired = answer.raw !== answer.asked;
  const marks = marksOf(answer);
  const turn = make(
    "article",
    { kind: "turn", id: `turn-${answer.id}` },
    make("p", { kind: "asked", text: answer.asked }),
    (heard || repaired) && make("p", { kind: "raw", text: `${heard ? "Heard" : "Typed"}: ${answer.raw}` }),
    make("p", { kind: answer.said.length > LONG ? "said long" : "said", text: answer.said }),
    marks.length && make("ul", { kind: "marks" }, ...marks.map((text) => make("li", { text }))),
    ...answer.shown.map((shown) => card(shown, marks)),
    sources(answer),
    sound && make("div", { kind: "sound", text: "The answer is being spoken…" }),
    timings(answer),
    complaint(answer),
  );
  turns.querySelector(".turn")?.classList.add("earlier");
  turns.prepend(turn);
  for (const old of [...turns.children].slice(KEPT)) {
    URL.revokeObjectURL(old.querySelector("audio")?.src ?? "");
    old.remove();
  }
  at("welcome").hidden = true;
  document.querySelector("main").scrollTop = 0;
  return turn;
}

async function voice(place, path) {
  let sound;
  try {
    const reply = await fetch(path);
    if (!reply.ok) throw new Error((await reply.json()).error);
    sound = await reply.blob();
  } catch (error) {
    place.textContent = `No sound: ${error.name === "Error" ? error.message : "the box was not reached"}`;
    return;
  }
  const player = make("audio", { controls: true, src: URL.createObjectURL(sound) });
  player.setAttribute("aria-label", "The answer, spoken");
  place.replaceChildren(player);
  for (const other of turns.querySelectorAll("audio")) if (other !== player) other.pause();
  player.play().catch(() => tell("Press play to hear the answer."));
}

/* ---- asking ---- */

function work(on, text = "") {
  busy = on;
  send.disabled = on;
  tell(text);
}

async function ask(body, headers, doing) {
  if (busy) return;
  work(true, doing);
  warn();
  const speak = at("speak").checked;
  try {
    const reply = await fetch(speak ? "/v1/ask?speak=1" : "/v1/ask", { method: "POST", body, headers });
    const result = await reply.json();
    if (!reply.ok) {
      warn(result.error, result.advice);
      return;
    }
    const turn = show(result);
    work(false);
    if (result.sound) await voice(turn.querySelector(".sound"), result.sound);
  } catch {
    warn("The box was not reached.", "Is it switched on, and are you on its network? Then ask again.");
  } finally {
    work(false, at("status").textContent === doing ? "" : at("status").textContent);
  }
}

function askText(text) {
  const trimmed = text.trim();
  if (!trimmed) return;
  question.value = "";
  if (at("speak").checked && typed(trimmed)) return;
  ask(JSON.stringify({ text: trimmed }), { "Content-Type": "application/json" }, "Looking…");
}

function askSound(blob, name) {
  const form = new FormData();
  form.append("audio", blob, name);
  ask(form, undefined, "Listening to the recording…");
}

/* ---- the rest of the page ---- */

function tab(name) {
  for (const other of ["asking", "library"]) {
    at(`tab-${other}`).setAttribute("aria-selected", String(other === name));
    at(other).hidden = other !== name;
  }
  document.querySelector("footer").hidden = name !== "asking";
  document.querySelector("main").scrollTop = 0;
  if (name === "library") enter();
}

at("tab-asking").addEventListener("click", () => tab("asking"));
at("tab-library").addEventListener("click", () => tab("library"));

at("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  askText(question.value);
});
at("recording").addEventListener("change", (event) => {
  const [file] = event.target.files;
  if (file) askSound(file, file.name);
  event.target.value = "";
});
at("theme").addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
  document.documentElement.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", document.documentElement.dataset.theme);
});
for (const text of EXAMPLES) {
  at("examples").append(make("li", {}, make("button", { type: "button", text, onclick: () => askText(text) })));
}
document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "";
learn();
health();
setInterval(health, HEALTH_MS);
