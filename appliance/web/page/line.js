// The line to the box: a WebSocket that comes back by itself and goes on where it broke.

const WAITS_MS = [250, 500, 1000, 2000, 4000, 8000];
const PING_MS = 2_000;
const SILENT_MS = 7_000; // without a word from the box the line is dead, whatever the browser believes
const ACK_EVERY = 5;
const HELD = 250; // packets of 20 ms kept while the line is down: 5 s
const FULL = 48_000; // bytes in the browser's own buffer: 1.5 s of sound

/** What the box's codes mean to a person. */
const MEANINGS = {
  1003: "The page and the box did not understand each other. Reload the page.",
  1008: "The box ended the conversation.",
  1009: "That was too long for one message.",
  4000: "The conversation goes on in another window.",
  4001: "The box is busy with other conversations.",
  4002: "The box cannot hear.",
  4003: "This conversation is somebody else's.",
};
const AGAIN = new Set([1000, 1001, 1005, 1006, 1011, 1012, 1013, 1015]);

const key = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export class Line {
  /** `said(message)` gets texts, `sound(buffer)` gets sound, `state(name, words)` "up", "down" or "over". */
  constructor({ said, sound, state }) {
    Object.assign(this, { said, sound, state });
    this.key = key();
    this.got = 0;
    this.tries = 0;
    this.waiting = []; // orders and packets, in their order
    this.manner = "open";
    this.wanted = false;
    this.ready = false;
    this.rtt = 0;
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
    window.addEventListener("online", () => this.hurry());
    window.addEventListener("pagehide", () => this.close());
  }

  open() {
    this.wanted = true;
    if (!this.socket) this.connect();
  }

  /** End the conversation. */
  close() {
    this.wanted = false;
    clearTimeout(this.again);
    if (this.ready) this.socket.send('{"t":"bye"}');
    this.socket?.close(1000);
  }

  connect() {
    clearTimeout(this.again);
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/v1/talk`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.alive = performance.now();
    socket.onopen = () => socket.send(JSON.stringify({ t: "hello", key: this.key, got: this.got, manner: this.manner }));
    socket.onmessage = ({ data }) => socket === this.socket && this.take(data);
    socket.onclose = ({ code, reason }) => socket === this.socket && this.lost(code, reason);
    this.beat = setInterval(() => this.ping(), PING_MS);
  }

  take(data) {
    this.alive = performance.now();
    if (typeof data !== "string") {
      this.count();
      this.sound(data);
      return;
    }
    const message = JSON.parse(data);
    if (message.t === "pong") this.rtt = performance.now() - this.pinged;
    else if (message.t === "ready") this.greeted(message);
    else {
      this.count();
      this.said(message);
    }
  }

  count() {
    this.got += 1;
    if (this.got % ACK_EVERY === 0) this.socket.send(JSON.stringify({ t: "got", n: this.got }));
  }

  greeted(message) {
    if (!message.resumed) this.got = 0;
    this.ready = true;
    this.tries = 0;
    this.state("up", message);
    this.pour();
  }

  ping() {
    if (performance.now() - this.alive > SILENT_MS) {
      const dead = this.socket;
      this.lost(1006, "");
      dead.close();
    } else if (this.ready) {
      this.pinged = performance.now();
      this.socket.send(JSON.stringify({ t: "ping", n: this.got }));
    }
  }

  lost(code, reason) {
    clearInterval(this.beat);
    this.ready = false;
    this.socket = null;
    if (!this.wanted) return;
    if (AGAIN.has(code)) {
      const wait = WAITS_MS[Math.min(this.tries, WAITS_MS.length - 1)];
      this.tries += 1;
      this.again = setTimeout(() => this.connect(), wait * (0.75 + Math.random() / 2));
      this.state("down", "The line to the box broke. Trying again…");
    } else {
      this.wanted = false;
      this.waiting = [];
      this.key = code === 4000 ? this.key : key();
      this.got = 0;
      this.state("over", [MEANINGS[code] ?? `The box ended the conversation (${code}).`, reason].filter(Boolean).join(" "));
    }
  }

  /** Do not wait for the next try: the phone was woken, or has a network again. */
  hurry() {
    if (this.wanted && !this.socket) {
      this.tries = 0;
      this.connect();
    }
  }

  /** Send an order, after what waits. */
  order(t, more = {}) {
    if (t === "manner") this.manner = more.manner;
    this.waiting.push(JSON.stringify({ t, ...more }));
    this.pour();
  }

  /** Send sound, or keep the last of it while the line is down or full. */
  hear(packet) {
    this.waiting.push(packet);
    if (this.waiting.length > HELD) {
      const oldest = this.waiting.findIndex((one) => typeof one !== "string");
      this.waiting.splice(Math.max(oldest, 0), 1);
    }
    this.pour();
  }

  pour() {
    while (this.ready && this.waiting.length && this.socket.bufferedAmount < FULL) this.socket.send(this.waiting.shift());
  }
}
