// Talking: hold the button and speak, or tap it and leave the microphone open. What was heard and what is said are
// shown as they happen; an answer's words appear when their sound does.

import { at, make } from "/dom.js";
import { Line } from "/line.js";
import { show, tell, warn } from "/page.js";
import { canTalk, Sound } from "/sound.js";

const HOLD_MS = 300; // a shorter press is a tap
const TAIL_MS = 200; // a thumb lets go before the last word has ended
const UNDECIDED = 100; // packets kept until it is known whether a press is a tap: 2 s
const IDLE_MS = 60_000; // the microphone stays open this long after it was held, so that the next word is not lost
const SILENT = 1e-4;
const SILENT_PACKETS = 200;
const CLIPPED = 0.02;

const talk = at("talk");
let mode = "idle"; // "idle", "undecided", "held", "open"
let manner = "open";
let pending = [];
let press = null;
let idle = 0;
let quiet = 0;
let spoken = [];
let current = null;
let muted = false;
let byVoice = false;

const sound = new Sound(packet, reached);
const line = new Line({ said, sound: (buffer) => sound.say(buffer), state: lined });

/* ---- what comes from the box ---- */

function said(message) {
  const told = {
    heard, clause: ({ text }) => sound.mark(text), clear: () => sound.clear(), answer, state, waterfall,
    trouble: ({ error }) => { warn(error); finish(); },
  }; // prettier-ignore
  told[message.t]?.(message);
}

function heard({ text, final }) {
  at("live").hidden = false;
  at("heard").setAttribute("aria-live", final ? "polite" : "off");
  at("heard").textContent = text;
  byVoice = true;
  if (final) begin();
}

/** A new question was asked. */
function begin() {
  finish();
  spoken = [];
  at("saying").textContent = "";
}

function answer(message) {
  finish();
  warn();
  const turn = show({ ...message, heard: byVoice });
  current = { turn, words: turn.querySelector(".said"), whole: message.answer.said };
  current.words.textContent = spoken.join(" ");
  at("saying").textContent = "";
}

/** A clause is heard now. */
function reached(text) {
  if (spoken.at(-1) !== text) spoken.push(text);
  const place = current?.words ?? at("saying");
  if (place === at("saying")) at("live").hidden = false;
  place.textContent = spoken.join(" ");
}

/** Show the whole of an answer that is no longer said. */
function finish() {
  if (current) current.words.textContent = current.whole;
  current = null;
}

function state({ name }) {
  at("hush").disabled = name !== "speaking" && name !== "thinking";
  if (name === "thinking") tell("Looking…");
  else tell("");
  if (name === "listening") finish();
}

function waterfall(told) {
  const row = document.getElementById(`turn-${told.answer}`)?.querySelector("tbody");
  if (!row || told.sound === null) return;
  row.append(make("tr", {}, make("td", { text: "you stopped, first sound" }), make("td", { text: `${told.sound.toFixed(0)} ms` })));
}

function lined(name, words) {
  talk.dataset.state = name;
  if (name === "up") return tell("");
  if (name === "down") return tell(words);
  rest();
  finish();
  sound.clear();
  warn(words, "Tap Talk to begin again, or type.");
}

/* ---- the microphone ---- */

function packet({ buffer, level, clipped }) {
  at("level").value = mode === "idle" ? 0 : Math.min(1, Math.sqrt(level));
  if (mode === "idle") return;
  if (mode === "undecided") {
    pending.push(buffer);
    if (pending.length > UNDECIDED) pending.shift();
    return;
  }
  quiet = level < SILENT ? quiet + 1 : 0;
  if (quiet === SILENT_PACKETS) tell("The microphone gives only silence. Is it muted or covered?");
  else if (clipped > CLIPPED) tell("Too loud for the microphone: hold it a little farther away.");
  line.hear(buffer);
}

function label(text, pressed) {
  at("talk-label").textContent = text;
  talk.setAttribute("aria-pressed", String(pressed));
}

function take(wanted) {
  if (manner !== wanted) line.order("manner", { manner: wanted });
  manner = wanted;
}

function flush() {
  for (const buffer of pending.splice(0)) line.hear(buffer);
}

/** Get microphone, sound and line ready; tells whether it worked. */
async function ready() {
  if (!canTalk()) {
    tell("The browser gives no microphone here. Open the box by https: see /trust. Or send a recording.");
    at("recording").setAttribute("capture", "user");
    at("recording").click();
    return false;
  }
  try {
    await sound.open();
    await sound.listen();
  } catch (error) {
    warn("The microphone can't be used.", error.name === "NotAllowedError" ? "Allow it in the browser, or type." : "Type, or send a recording.");
    return false;
  }
  volume();
  line.open();
  return true;
}

/** The button is no longer used; the microphone is closed a little later. */
function rest() {
  mode = "idle";
  pending = [];
  label("Talk", false);
  at("level").value = 0;
  clearTimeout(idle);
  idle = setTimeout(() => mode === "idle" && sound.deafen(), IDLE_MS);
}

async function down() {
  if (press) return;
  const mine = { before: mode, held: false, gone: false };
  press = mine;
  clearTimeout(idle);
  if (mode === "idle") mode = "undecided";
  const asked = performance.now();
  if (!(await ready())) {
    press = null;
    rest();
    return;
  }
  if (press !== mine) {
    // Let go, or taken away by the browser's question, while the microphone was opened.
    if (mine.gone && performance.now() - asked < 10_000) tap(mine.before);
    return;
  }
  setTimeout(() => press === mine && hold(mine), Math.max(0, HOLD_MS - (performance.now() - asked)));
  label("Listening…", true);
}

function hold(mine) {
  mine.held = true;
  mode = "held";
  take("push");
  sound.clear();
  line.order("press");
  flush();
  label("Listening… let go to send", true);
}

function up() {
  const mine = press;
  press = null;
  if (!mine) return;
  mine.gone = true;
  if (mine.held) setTimeout(release, TAIL_MS);
  else if (sound.stream) tap(mine.before);
}

function release() {
  line.order("release");
  rest();
}

/** Open the microphone, or close it. */
function tap(before) {
  if (before === "open") {
    line.order("quiet");
    rest();
    sound.deafen();
    return;
  }
  mode = "open";
  quiet = 0;
  take("open");
  flush();
  label("Listening… tap to end", true);
}

/** Ask by the line, when there is one; tells whether there is. */
export function typed(text) {
  if (!line.ready) return false;
  begin();
  sound.clear();
  at("heard").textContent = text;
  byVoice = false;
  line.order("typed", { text });
  return true;
}

/* ---- hands ---- */

talk.addEventListener("pointerdown", (event) => {
  talk.setPointerCapture(event.pointerId);
  down();
});
talk.addEventListener("pointerup", up);
talk.addEventListener("pointercancel", up);
talk.addEventListener("contextmenu", (event) => event.preventDefault());
talk.addEventListener("click", (event) => {
  if (event.detail === 0) down().then(up); // Enter, or a screen reader
});

/** Space talks wherever nothing else wants it. */
const spaced = (event) => event.key === " " && [talk, document.body].includes(document.activeElement);
document.addEventListener("keydown", (event) => {
  if (!spaced(event)) return;
  event.preventDefault();
  if (!event.repeat) down();
});
document.addEventListener("keyup", (event) => {
  if (!spaced(event)) return;
  event.preventDefault();
  up();
});
at("hush").addEventListener("click", () => {
  sound.clear();
  line.order("stop");
});

function volume() {
  sound.volume(muted ? 0 : Number(at("volume").value));
}

at("mute").addEventListener("click", () => {
  muted = !muted;
  at("mute").setAttribute("aria-pressed", String(muted));
  volume();
});
at("volume").addEventListener("input", volume);
document.addEventListener("visibilitychange", () => {
  if (document.hidden && mode === "idle") sound.deafen();
});
