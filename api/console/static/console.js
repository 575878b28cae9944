"use strict";
/* What pages do beyond links and forms. Without it everything but sound still works. */

const token = document.querySelector('meta[name="csrf-token"]').content;

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = token;
});

/* A step that cannot be taken back is asked about once more. */
document.addEventListener("submit", (event) => {
  const words = (event.submitter && event.submitter.dataset.confirm) || event.target.dataset.confirm;
  if (words && !window.confirm(words)) event.preventDefault();
});

/* A form that was changed is not left without a word. */
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form) form.dataset.changed = "yes";
});
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) delete event.target.dataset.changed;
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-changed]")) event.preventDefault();
});

/* Keys: "/" searches, "j" and "k" go through a list, Enter opens. Not while somebody types. */
const typing = (element) => element.closest("input, textarea, select, [contenteditable]");

function step(by) {
  const rows = [...document.querySelectorAll("tr.go a.open, li.go a.open")];
  const at = rows.indexOf(document.activeElement);
  const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
  if (next) next.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (target) target.matches("input") ? target.focus() : target.click();
  else return;
  event.preventDefault();
});

/* A row of a list is one wide link. */
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr.go");
  if (row && !event.target.closest("a, button, input, label")) row.querySelector("a.open").click();
});

/* A growing transcript stays at its end. */
function follow() {
  for (const list of document.querySelectorAll("[data-follow]")) list.scrollTop = list.scrollHeight;
}
document.addEventListener("htmx:afterSwap", follow);
follow();
