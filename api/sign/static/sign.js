// The drawn signature, and one signature for a double tap. Without this script, or where the pad
// did not load, the page signs by the typed name alone.
"use strict";

const form = document.getElementById("sign");
const field = document.getElementById("drawing");
const canvas = document.getElementById("canvas");
const typed = document.getElementById("typed");
const missing = document.getElementById("missing");
const submit = document.getElementById("submit");
const label = submit.textContent;
const pen = { penColor: "#111", minWidth: 1, maxWidth: 2.8 };
const pad = "SignaturePad" in window ? new SignaturePad(canvas, pen) : null;

// The field holds strokes in the canvas's own CSS pixels, so that a turned phone draws them anew.
function keep() {
  const strokes = pad.toData().map((group) =>
    group.points.map((point) => [Math.round(point.x * 10) / 10, Math.round(point.y * 10) / 10]));
  field.value = strokes.length === 0 ? "" : JSON.stringify({
    width: Math.round(canvas.clientWidth), height: Math.round(canvas.clientHeight), strokes });
}

function redraw() {
  const kept = field.value ? JSON.parse(field.value) : null;
  const ratio = Math.max(window.devicePixelRatio || 1, 1);
  canvas.width = canvas.clientWidth * ratio;
  canvas.height = canvas.clientHeight * ratio;
  canvas.getContext("2d").scale(ratio, ratio);
  pad.clear();
  if (kept === null) return;
  const scale = canvas.clientWidth / kept.width;
  pad.fromData(kept.strokes.map((points) => ({
    ...pen, dotSize: 0, velocityFilterWeight: 0.7, compositeOperation: "source-over",
    points: points.map(([x, y], n) => ({ x: x * scale, y: y * scale, pressure: 0.5, time: n * 20 })),
  })));
  keep();
}

function openPad() {
  let width = 0;
  document.getElementById("pad").hidden = false;
  pad.addEventListener("endStroke", () => { keep(); missing.hidden = true; });
  document.getElementById("redo").addEventListener("click", () => {
    pad.clear();
    field.value = "";
  });
  new ResizeObserver(() => {
    // While a page is being laid out anew its parts may have no width at all for a moment.
    if (canvas.clientWidth === width || canvas.clientWidth < 40) return;
    width = canvas.clientWidth;
    redraw();
  }).observe(canvas);
}

function free() {
  form.removeAttribute("aria-busy");
  submit.textContent = label;
}

if (pad !== null) openPad();

form.addEventListener("submit", (event) => {
  if (form.getAttribute("aria-busy") === "true") { event.preventDefault(); return; }
  const signing = event.submitter === null || event.submitter === submit;
  if (signing && pad !== null && pad.isEmpty() && !typed.checked) {
    event.preventDefault();
    missing.textContent = form.dataset.missing;
    missing.hidden = false;
    canvas.scrollIntoView({ block: "center" });
    return;
  }
  form.setAttribute("aria-busy", "true");
  if (signing) submit.textContent = form.dataset.busy;
  // A network that swallows the answer must not leave the button dead.
  setTimeout(free, 20000);
});
// The browser's back button may bring the page back as it was left.
window.addEventListener("pageshow", free);
