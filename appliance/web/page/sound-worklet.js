// Runs beside the page: the microphone at any rate becomes 16 kHz int16 packets of 20 ms, and what the box says at
// 24 kHz is played, with marks that come back when their sound is heard.

const EAR = 16_000, MOUTH = 24_000, PACKET = 320;
const MOST = 60 * MOUTH; // samples that may wait to be played

class Mic extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = sampleRate / EAR;
    this.phase = 0;
    this.sum = 0;
    this.count = 0;
    this.begin();
  }

  begin() {
    this.packet = new Int16Array(PACKET);
    this.at = 0;
    this.power = 0;
    this.clipped = 0;
  }

  process([[channel]]) {
    if (!channel) return true;
    for (const sample of channel) {
      // The mean over each output sample's time: a plain low-pass that speech does not miss.
      this.sum += sample;
      this.count += 1;
      this.phase += 1;
      if (this.phase < this.step) continue;
      this.phase -= this.step;
      this.put(Math.max(-1, Math.min(1, this.sum / this.count)));
      this.sum = 0;
      this.count = 0;
    }
    return true;
  }

  put(value) {
    this.packet[this.at] = value * 32767;
    this.at += 1;
    this.power += value * value;
    if (Math.abs(value) > 0.99) this.clipped += 1;
    if (this.at < PACKET) return;
    const level = Math.sqrt(this.power / PACKET);
    const { buffer } = this.packet;
    this.port.postMessage({ buffer, level, clipped: this.clipped / PACKET }, [buffer]);
    this.begin();
  }
}

class Play extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = MOUTH / sampleRate;
    this.drop();
    this.port.onmessage = ({ data }) => {
      if (data === "clear") this.drop();
      else if (typeof data === "number") this.queue.push(data);
      else if (this.waiting < MOST) {
        this.queue.push(new Int16Array(data));
        this.waiting += data.byteLength / 2;
      }
    };
  }

  drop() {
    this.queue = [];
    this.waiting = 0;
    this.piece = null;
    this.at = 0;
    this.last = 0;
  }

  /** The next sample of the queue, or null; a mark on the way is told. */
  next() {
    while (!this.piece || this.at >= this.piece.length) {
      this.at -= this.piece ? this.piece.length : 0;
      this.piece = null;
      const head = this.queue.shift();
      if (head === undefined) {
        this.at = 0;
        return null;
      }
      if (typeof head === "number") this.port.postMessage({ mark: head });
      else {
        this.piece = head;
        this.waiting -= head.length;
      }
    }
    const index = Math.floor(this.at), here = this.piece[index];
    const after = index + 1 < this.piece.length ? this.piece[index + 1] : here;
    const value = here + (after - here) * (this.at - index);
    this.at += this.step;
    return value / 32768;
  }

  process(_, [[channel]]) {
    let power = 0;
    for (let n = 0; n < channel.length; n += 1) {
      channel[n] = this.next() ?? 0;
      power += channel[n] * channel[n];
    }
    const loud = Math.sqrt(power / channel.length);
    if (loud > 0 !== this.last > 0) this.port.postMessage({ loud });
    this.last = loud;
    return true;
  }
}

registerProcessor("mic", Mic);
registerProcessor("play", Play);
