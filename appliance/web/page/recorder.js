// Records from the microphone. Browsers give one only on this machine or over TLS.

const KINDS = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const LONGEST_MS = 60_000;

export const canRecord = () => Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);

/** Start to record. Gives `stop()`, and `sound`: a promise of the recording. */
export async function record() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true } });
  const kind = KINDS.find((name) => MediaRecorder.isTypeSupported(name));
  const recorder = new MediaRecorder(stream, kind ? { mimeType: kind } : undefined);
  const chunks = [];
  const sound = new Promise((resolve) => {
    recorder.addEventListener("dataavailable", (event) => chunks.push(event.data));
    recorder.addEventListener("stop", () => {
      clearTimeout(limit);
      stream.getTracks().forEach((track) => track.stop());
      resolve(new Blob(chunks, { type: (recorder.mimeType || "audio/webm").split(";")[0] }));
    });
  });
  const stop = () => recorder.state !== "inactive" && recorder.stop();
  const limit = setTimeout(stop, LONGEST_MS);
  recorder.start();
  return { stop, sound };
}
