"use strict";
/* Draws the charts of the figures; the tables beside them hold the same numbers without script. */

const drawn = [];
const colours = () => {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  return {
    main: colour("--blue"),
    calm: colour("--calm"),
    warn: colour("--warn"),
    text: colour("--pico-muted-color"),
    grid: colour("--pico-muted-border-color"),
  };
};

function series(one, line, tones) {
  const colour = tones[one.tone];
  const shared = { label: one.name, data: one.values, backgroundColor: colour };
  if (!line) return { ...shared, maxBarThickness: 22 };
  const few = one.values.length < 2;
  return { ...shared, borderColor: colour, borderWidth: 2, pointRadius: few ? 3 : 1.5, tension: 0.2, spanGaps: true };
}

function draw(canvas) {
  const chart = JSON.parse(canvas.dataset.chart);
  const tones = colours();
  const line = chart.kind === "line";
  const lying = chart.kind === "across";
  const percent = chart.unit === "%";
  const axis = { ticks: { color: tones.text, maxRotation: 0, autoSkip: !lying }, grid: { color: tones.grid } };
  const numbers = { ...axis, beginAtZero: true, stacked: !line, max: percent ? 100 : undefined };
  numbers.ticks = { ...axis.ticks, autoSkip: true, precision: line ? undefined : 0, callback: (value) => (percent ? `${value}%` : value) };
  const names = { ...axis, stacked: !line, grid: { display: false } };
  return new Chart(canvas, {
    type: line ? "line" : "bar",
    data: { labels: chart.labels, datasets: chart.series.map((one) => series(one, line, tones)) },
    options: {
      animation: false,
      maintainAspectRatio: false,
      indexAxis: lying ? "y" : "x",
      scales: lying ? { x: numbers, y: names } : { x: names, y: numbers },
      plugins: {
        legend: { display: chart.series.length > 1, position: "bottom", labels: { color: tones.text, boxWidth: 12 } },
        tooltip: { intersect: false, mode: "index", axis: lying ? "y" : "x" },
      },
    },
  });
}

function drawAll() {
  while (drawn.length) drawn.pop().destroy();
  for (const canvas of document.querySelectorAll("canvas[data-chart]")) drawn.push(draw(canvas));
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
drawAll();
