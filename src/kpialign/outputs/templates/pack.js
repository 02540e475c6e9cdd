"use strict";
// Without a script everything is shown; the form appears with the script that it needs.
const form = document.getElementById("filter");
const parts = Array.from(document.querySelectorAll("[data-tags]"), (part) => [part, JSON.parse(part.dataset.tags)]);
function show() {
  const wanted = Array.from(form.querySelectorAll("select")).filter((one) => one.value);
  let shown = 0;
  for (const [part, tags] of parts) {
    // A part that says nothing of a question is not hidden by its answer.
    const fits = wanted.every((one) => !tags[one.name].length || tags[one.name].includes(one.value));
    part.hidden = !fits;
    shown += fits;
  }
  document.getElementById("filter-count").textContent = `${shown} of ${parts.length} parts shown`;
}
form.hidden = false;
form.addEventListener("change", show);
form.addEventListener("reset", () => setTimeout(show));
form.addEventListener("submit", (event) => event.preventDefault());
show();
