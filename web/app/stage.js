/** The stage: two maps with one clock and one colour scale, the legend, and the figures above. */

import { create } from "d3-selection";
import { max } from "d3-array";
import { number, quantity } from "../src/words.js";
import { LAYERS, openLayer } from "./classes.js";
import { byId, make } from "./dom.js";
import { drawMap } from "./map.js";

function round(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return (value / power >= 5 ? 5 : value / power >= 2 ? 2 : 1) * power;
}

const percent = (v) => `${number(100 * v)}%`;

function swatches(classes, cuts, label) {
  const [wide, count] = [32, classes.length];
  const svg = create("svg").attr("width", wide * count + 26).attr("height", 28)
    .attr("role", "img").attr("aria-label", label);
  svg.selectAll("rect").data(classes).join("rect").attr("class", "region")
    .attr("data-class", (c) => c).attr("x", (_, i) => i * wide).attr("width", wide - 1)
    .attr("height", 10);
  svg.selectAll("text").data(cuts).join("text").attr("x", (_, i) => (i + 1) * wide - 0.5)
    .attr("y", 23).attr("text-anchor", "middle").text((cut) => cut);
  return svg.node();
}

function circles(most, radius) {
  const sizes = [most, most / 10].map(round);
  const r = (value) => Math.sqrt(value / most) * radius;
  const base = 2 * r(sizes[0]) + 2;
  const middle = r(sizes[0]) + 2;
  const svg = create("svg").attr("class", "crowds").attr("height", base + 2)
    .attr("width", 2 * middle + 70).attr("role", "img").attr("aria-label", "Size of crowds");
  svg.selectAll("circle").data(sizes).join("circle").attr("cx", middle)
    .attr("cy", (v) => base - r(v)).attr("r", r);
  svg.selectAll("text").data(sizes).join("text").attr("x", 2 * middle + 4)
    .attr("y", (v) => base - 2 * r(v) + 9).text((v) => number(v));
  return svg.node();
}

function drawLegend(box, layer, most, radius, diff, several) {
  const name = layer.label + (layer.suffix ?? "");
  const cut = layer.unit === "share" ? percent : number;
  const steps = Array.from({ length: layer.cuts.length + 1 }, (_, i) => `${layer.hue}${i}`);
  const scale = make("div", {}, make("span", {}, name), swatches(steps, layer.cuts.map(cut), name));
  const parts = [scale];
  if (diff) {
    const gaps = [...layer.gaps].reverse().map((g) => -g).concat(layer.gaps);
    const gapName = `As it was less changed${several ? ", of the medians" : ""}${layer.suffix ?? ""}`;
    const sign = (g) => `${g > 0 ? "+" : "−"}${cut(Math.abs(g))}`;
    const classes = [0, 1, 2, 3, 4, 5, 6].map((i) => `gap${i}`);
    parts.push(make("div", {}, make("span", {}, gapName), swatches(classes, gaps.map(sign), gapName)));
  }
  parts.push(make("div.circles", {}, circles(most, radius),
    make("span", {}, "People in the streets of a city")));
  box.replaceChildren(...parts);
}

/** Buttons that choose the quantity of the map. */
export function bindLayers(state) {
  const box = byId("layers");
  const buttons = LAYERS.map((layer) => make("button", {
    type: "button", role: "radio", onclick: () => state.set({ layer: layer.key }),
  }, layer.label));
  const follow = () => buttons.forEach((button, i) => {
    const on = LAYERS[i].key === state.get("layer");
    button.setAttribute("aria-checked", String(on));
    button.tabIndex = on ? 0 : -1;
  });
  box.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
    state.set({ layer: LAYERS[next].key });
    buttons[next].focus();
  });
  box.replaceChildren(...buttons);
  state.on(["layer"], follow);
  follow();
}

function countOf(arm, scope, place, hour) {
  const layer = arm?.layers.get("active");
  if (!layer) return NaN;
  return (scope === null ? layer.national : layer.regional[place.region.get(scope).index])[hour];
}

/** Draw the stage for two histories; returns what follows the hour and the scope. */
export function drawStage({ place, base, variant, title }, state) {
  const diff = state.get("diff") && Boolean(variant);
  const arms = [base, variant].filter(Boolean);
  const layer = openLayer(state.get("layer"), place, arms);
  const most = max(arms, (arm) => max(arm.cities, (city) => max(city.active))) || 1;
  const titles = ["As it was", diff ? "As it was less changed" : title];
  const boxes = ["map-base", "map-variant"].map(byId);
  const maps = [];
  [base, variant].forEach((arm, i) => {
    const figure = boxes[i].closest("figure");
    figure.classList.toggle("waiting", !arm);
    figure.classList.toggle("gap", Boolean(i && diff));
    figure.querySelector(".name").textContent = titles[i];
    const context = { place, layer, state, most, title: titles[i] };
    if (!arm) boxes[i].replaceChildren();
    else maps.push(drawMap(boxes[i], context, arm, i && diff ? base : null));
  });
  if (maps.length) {
    drawLegend(byId("legend"), layer, most, maps[0].radius, diff, arms.every((arm) => arm.seeds > 1));
  }
  const counts = ["count-base", "count-variant"].map(byId);
  const follow = () => {
    const hour = state.get("hour");
    const scope = state.get("scope");
    for (const map of maps) map.paint(hour);
    const [was, now] = [base, variant].map((arm) => countOf(arm, scope, place, hour));
    const gap = was - now;
    const words = [number(was), diff ? `${gap > 0 ? "+" : gap < 0 ? "−" : ""}${number(Math.abs(gap))}` : number(now)];
    counts.forEach((node, i) => { if (node.textContent !== words[i]) node.textContent = words[i]; });
  };
  const mark = () => {
    const scope = state.get("scope");
    const where = scope === null ? place.country : place.region.get(scope).name;
    document.querySelectorAll(".count-where").forEach((node) => { node.textContent = where; });
    for (const map of maps) map.mark();
  };
  follow();
  mark();
  return { follow, mark };
}
