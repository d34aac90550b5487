// Pairs this browser by a one-time code: typed, or in the part of the address that no server sees.
const form = document.getElementById("pairing");
const code = document.getElementById("code");
const told = document.getElementById("told");

async function pair() {
  told.textContent = "Pairing…";
  try {
    const reply = await fetch("/v1/pair", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ code: code.value, keep: "cookie" }),
    });
    const body = await reply.json();
    if (!reply.ok) {
      told.textContent = `${body.error}: ${body.advice}.`;
      return;
    }
    told.textContent = `Paired for ${body.person}.`;
    location.replace("/");
  } catch {
    told.textContent = "The box did not answer. Is this device in its network?";
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  pair();
});

const given = location.hash.slice(1);
if (given) {
  history.replaceState(null, "", location.pathname);
  code.value = given;
  pair();
}
