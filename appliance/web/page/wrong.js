// "This answer is wrong or something is missing": told to the box, which keeps it for head office.

import { make } from "/dom.js";

/** Make the button that stands below an answer, and what it opens. */
export function complaint(answer) {
  const note = make("textarea", { rows: 2, maxLength: 2000, placeholder: "What is wrong or missing? You may leave this empty." });
  note.setAttribute("aria-label", "What is wrong or missing");
  const told = make("p", { kind: "told" });
  told.setAttribute("role", "status");
  const tell = make("button", { type: "submit", kind: "wide", text: "Tell head office" });
  const form = make("form", { kind: "note", hidden: true }, note, tell);
  const open = make("button", { type: "button", kind: "wrong", text: "This answer is wrong or something is missing" });
  const whole = make("div", { kind: "complaint" }, open, form, told);

  open.addEventListener("click", () => {
    open.hidden = true;
    form.hidden = false;
    note.focus();
    tell.scrollIntoView({ block: "nearest" });
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    tell.disabled = true;
    try {
      const reply = await fetch(`/v1/answers/${answer.id}/wrong`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ question: answer.asked, note: note.value }),
      });
      const result = await reply.json();
      form.hidden = reply.ok;
      told.textContent = reply.ok ? "Thank you. It is noted for head office." : `Not noted: ${result.error}; ${result.advice}.`;
    } catch {
      told.textContent = "Not noted: the box was not reached. Try again.";
    } finally {
      tell.disabled = false;
    }
  });
  return whole;
}
