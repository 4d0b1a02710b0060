// SPDX-FileCopyrightText: 2026 The TTAPI contributors
// SPDX-License-Identifier: Apache-2.0
// Draws every chart of the page; joined with Vega-Embed, which it knows as vegaEmbed.

const NARROWEST_TILE = 41;
const WIDEST_LINE = 27;
const page = JSON.parse(document.getElementById("report-data").textContent);
const tip = document.getElementById("tip");

// What stands in a tooltip is text: it is never parsed as HTML.
function tell(handler, event, item, value) {
  tip.replaceChildren();
  const rows = value && typeof value === "object" ? Object.entries(value) : [];
  for (const [name, text] of rows) {
    if (text === null || text === undefined || String(text) === "null" || String(text) === "NaN") continue;
    const term = document.createElement("dt");
    const said = document.createElement("dd");
    term.textContent = name;
    said.textContent = String(text).replace(/^(-)/, "\u2212");
    tip.append(term, said);
  }
  tip.hidden = tip.childElementCount === 0;
  if (tip.hidden) return;
  const box = tip.getBoundingClientRect();
  const right = event.clientX + 16 + box.width > document.documentElement.clientWidth;
  const below = event.clientY + 16 + box.height > window.innerHeight;
  tip.style.left = `${Math.max(4, right ? event.clientX - box.width - 12 : event.clientX + 14)}px`;
  tip.style.top = `${Math.max(4, below ? event.clientY - box.height - 12 : event.clientY + 14)}px`;
}

const OPTIONS = {
  actions: false,
  ast: true, // read expressions instead of making functions of them: the page allows no eval
  defaultStyle: false,
  mode: "vega-lite",
  renderer: "svg",
  tooltip: tell,
};

function chosenMeasure() {
  return document.querySelector("input[name=measure]:checked")?.value ?? "volatility_20";
}

function named(spec) {
  const text = JSON.stringify(spec);
  return Object.fromEntries(Object.entries(page.rows).filter(([name]) => text.includes(`{"name":"${name}"`)));
}

// As many tiles in a line as keep their names readable.
function fitted(spec, element) {
  const tiles = page.rows.market.length;
  const most = Math.max(1, Math.min(WIDEST_LINE, Math.floor(element.clientWidth / NARROWEST_TILE)));
  const columns = Math.min(most, Math.max(tiles, 1));
  const lines = Math.ceil(tiles / columns);
  const params = spec.params.map((each) => {
    if (each.name === "columns") return { ...each, value: columns };
    return each.name === "measure" ? { ...each, value: chosenMeasure() } : each;
  });
  return { ...spec, params, height: Math.max(1, lines) * spec.height };
}

const drawn = new Map();

async function draw(element) {
  const name = element.dataset.chart;
  const spec = page.specs[name];
  if (!spec) return;
  const datasets = { ...spec.datasets, ...named(spec) };
  const sized = name === "market-map" ? fitted(spec, element) : spec;
  drawn.get(name)?.finalize();
  drawn.set(name, await vegaEmbed(element, { ...sized, datasets }, OPTIONS));
  element.dataset.drawn = "yes";
}

async function shade() {
  for (const legend of document.querySelectorAll("[data-legend]")) {
    legend.hidden = legend.dataset.legend !== chosenMeasure();
  }
  const map = drawn.get("market-map");
  if (map) await map.view.signal("measure", chosenMeasure()).runAsync();
}

async function start() {
  for (const element of document.querySelectorAll("[data-chart]")) {
    try {
      await draw(element);
    } catch (error) {
      element.textContent = "This chart could not be drawn.";
      console.error(error);
    }
  }
  for (const input of document.querySelectorAll("input[name=measure]")) {
    input.addEventListener("change", shade);
  }
  await shade();
  const map = document.querySelector("[data-chart=market-map]");
  if (map) {
    let width = map.clientWidth;
    new ResizeObserver(() => {
      if (map.clientWidth === width) return;
      width = map.clientWidth;
      window.requestAnimationFrame(() => draw(map));
    }).observe(map);
  }
  document.documentElement.dataset.ready = "yes";
}

start();
