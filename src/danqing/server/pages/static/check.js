"use strict";
// Sends one file to the detector and says what came of it. All text goes in as text, never as HTML.
const language = document.documentElement.lang;
const status = document.getElementById("status");
const remarks = document.getElementById("remarks");

function tell(text, problem) {
  status.textContent = text;
  status.classList.toggle("problem", Boolean(problem));
}

const check = document.getElementById("check");
check.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = check.querySelector("button");
  button.disabled = true;
  remarks.replaceChildren();
  tell(status.dataset.checking);
  try {
    const answer = await fetch("/api/verify", {
      method: "POST", headers: { "Accept-Language": language }, body: new FormData(check),
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.error.message);
    tell(status.dataset[said.verdict]);
    for (const remark of said.remarks) {
      remarks.appendChild(document.createElement("li")).textContent = remark;
    }
  } catch (problem) {
    tell(problem.message || document.body.dataset.failed, true);
  } finally {
    button.disabled = false;
  }
});
