// The page's sound: the microphone and what the box says. Browsers give a microphone only on this machine or over TLS.

export const canTalk = () => Boolean(navigator.mediaDevices?.getUserMedia && window.AudioWorkletNode && window.WebSocket);

const WISHES = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };

export class Sound {
  /** `heard({buffer, level, clipped})` gets packets of the microphone, `reached(text)` a clause whose sound begins. */
  constructor(heard, reached) {
    this.heard = heard;
    this.reached = reached;
    this.marks = new Map();
    this.marked = 0;
    this.context = null;
    this.stream = null;
  }

  /** Get ready to play; must be called from a tap or a key. */
  async open() {
    if (!this.context) {
      const context = new AudioContext({ latencyHint: "interactive" });
      this.context = context;
      this.opening = context.audioWorklet.addModule("/sound-worklet.js").then(() => this.wire(context));
    }
    await Promise.all([this.opening, this.context.resume()]);
  }

  wire(context) {
    this.gain = new GainNode(context, { gain: this.wanted ?? 1 });
    this.play = new AudioWorkletNode(context, "play", { numberOfInputs: 0, outputChannelCount: [1] });
    this.play.connect(this.gain).connect(context.destination);
    this.play.port.onmessage = ({ data }) => {
      if (data.mark === undefined) return;
      const text = this.marks.get(data.mark);
      this.marks.delete(data.mark);
      if (text !== undefined) this.reached(text);
    };
  }

  /** Open the microphone. Rejects with the browser's error. */
  async listen() {
    if (this.stream) return;
    this.stream = await navigator.mediaDevices.getUserMedia({ audio: WISHES });
    this.source = this.context.createMediaStreamSource(this.stream);
    this.mic = new AudioWorkletNode(this.context, "mic", { numberOfOutputs: 0 });
    this.mic.port.onmessage = ({ data }) => this.heard(data);
    this.source.connect(this.mic);
  }

  /** Close the microphone: the browser's own sign for it goes out. */
  deafen() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.source?.disconnect();
    if (this.mic) this.mic.port.onmessage = null;
    this.stream = null;
  }

  say(buffer) {
    this.play?.port.postMessage(buffer, [buffer]);
  }

  /** A clause begins with the next sound. */
  mark(text) {
    if (!this.play) return this.reached(text);
    this.marked += 1;
    this.marks.set(this.marked, text);
    this.play.port.postMessage(this.marked);
  }

  clear() {
    this.marks.clear();
    this.play?.port.postMessage("clear");
  }

  /** 0 to 1. */
  volume(value) {
    this.wanted = value;
    if (this.gain) this.gain.gain.value = value;
  }
}
