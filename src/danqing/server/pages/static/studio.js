"use strict";
// Asks for a picture, follows the job, shows what came of it. All text goes in as text, never as HTML.
const language = document.documentElement.lang;
const status = document.getElementById("status");
let csrf = null;

async function call(method, path, body) {
  const headers = { "Accept-Language": language };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (csrf) headers["X-CSRF-Token"] = csrf;
  const answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const said = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Error(said.error.message);
  return said;
}

function tell(text, problem) {
  status.textContent = text;
  status.classList.toggle("problem", Boolean(problem));
}

async function remember() {
  try {
    const who = await call("GET", "/api/session");
    csrf = who.csrf || null;
    return who.door === "session";
  } catch {
    csrf = null;
    return false;
  }
}

async function comeIn() {
  if (csrf === null && document.body.dataset.guests) csrf = (await call("POST", "/api/session/guest")).csrf;
}

const signIn = document.getElementById("sign-in");
if (signIn) {
  remember().then((known) => { signIn.hidden = known; });
  signIn.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = new FormData(signIn);
    try {
      csrf = (await call("POST", "/api/session", { login: given.get("login"), password: given.get("password") })).csrf;
      signIn.hidden = true;
      signIn.reset();
      tell("");
    } catch (problem) { tell(problem.message, true); }
  });
}

function ended(job) {
  return !["queued", "running"].includes(job.state);
}

async function follow(id) {
  for (;;) {
    const job = await call("GET", `/api/jobs/${id}`);
    if (ended(job)) return job;
    tell(`${status.dataset.drawing} ${Math.round(job.progress * 100)}%`);
    await new Promise((resume) => setTimeout(resume, 300));
  }
}

function show(artwork) {
  document.getElementById("picture").src = artwork.url;
  document.getElementById("picture").alt = artwork.prompt;
  document.getElementById("sentence").textContent = artwork.prompt;
  document.getElementById("result").hidden = false;
}

const draw = document.getElementById("draw");
draw.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = draw.querySelector("button");
  button.disabled = true;
  tell(status.dataset.drawing);
  try {
    await comeIn();
    const asked = await call("POST", "/api/jobs", { prompt: new FormData(draw).get("prompt") });
    const job = ended(asked) ? asked : await follow(asked.id);
    if (job.artworks.length) {
      show(job.artworks[0]);
      tell(job.notes.join("\n"));
    } else {
      const why = job.reasons.map((reason) => reason.explanation);
      if (job.problem) why.push(job.problem.message);
      tell([...new Set(why)].join("\n") || document.body.dataset.failed, true);
    }
  } catch (problem) {
    tell(problem.message || document.body.dataset.failed, true);
  } finally {
    button.disabled = false;
  }
});
