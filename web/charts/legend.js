/** The legend of the map: classes with their bounds, circles with their crowds. */

import { picture, roundDown } from "./svg.js";
import { make } from "./dom.js";
import { number, signed } from "./words.js";

const WIDE = 33;

function bound(cut, layer) {
  if (layer.hue === "gap") return signed(cut, layer.unit).replace(" ", "").replace("pp", "");
  return layer.unit === "share" ? `${number(100 * cut)}%` : number(cut);
}

function drawClasses(layer) {
  const count = layer.cuts.length + 1;
  const svg = picture(WIDE * count + 30, 28, `Classes of ${layer.label}`);
  svg.selectAll("rect").data(Array.from({ length: count }, (_, i) => i)).join("rect").attr("class", "region")
    .attr("data-class", (i) => `${layer.hue}${i}`)
    .attr("x", (i) => i * WIDE).attr("width", WIDE - 1).attr("height", 10);
  svg.selectAll("text").data(layer.cuts).join("text").attr("x", (_, i) => (i + 1) * WIDE - 0.5)
    .attr("y", 23).attr("text-anchor", "middle").text((cut) => bound(cut, layer));
  return svg.node();
}

function drawCircles(most, radius) {
  const sizes = [most, most / 10].map(roundDown);
  const r = (value) => Math.sqrt(value / most) * radius;
  const base = 2 * r(sizes[0]) + 2;
  const middle = r(sizes[0]) + 2;
  const svg = picture(2 * middle + 70, base + 2, "Size of crowds", "crowds");
  svg.selectAll("circle").data(sizes).join("circle").attr("cx", middle).attr("cy", (v) => base - r(v)).attr("r", r);
  svg.selectAll("text").data(sizes).join("text").attr("x", 2 * middle + 4)
    .attr("y", (v) => base - 2 * r(v) + 9).text((v) => number(v));
  return svg.node();
}

function titleOf(layer) {
  if (layer.hue !== "gap") return layer.label + (layer.suffix ?? (layer.unit === "share" ? ", share" : ""));
  return `${layer.label}, baseline minus counterfactual${layer.suffix ?? (layer.unit === "share" ? ", percentage points" : "")}`;
}

/** Fill the legend for the quantities shown; circles are as large as those of the map. */
export function drawLegend(box, layers, { most, radius, note = "" }) {
  const classes = layers.map((layer) => make("div", {}, make("span", {}, titleOf(layer)),
    layer.missing ? make("span", {}, layer.words()) : drawClasses(layer)));
  const circles = make("div.circles", {}, drawCircles(most, radius), make("span", {}, "People in the streets of a city"));
  box.replaceChildren(...classes, ...(note ? [make("span", {}, note)] : [circles]));
}
