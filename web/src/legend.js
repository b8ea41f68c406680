/** The legend of the map: classes with their bounds, circles with their crowds, marks. */

import { create } from "d3-selection";
import { number, quantity } from "./words.js";

function round(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return (value / power >= 5 ? 5 : value / power >= 2 ? 2 : 1) * power;
}

function drawClasses(layer) {
  const [wide, count] = [34, layer.cuts.length + 1];
  const svg = create("svg").attr("width", wide * count + 30).attr("height", 28)
    .attr("role", "img").attr("aria-label", `Classes of ${layer.label}`);
  const steps = Array.from({ length: count }, (_, i) => i);
  svg.selectAll("rect").data(steps).join("rect").attr("class", "region")
    .attr("data-class", (i) => `${layer.hue}${i}`)
    .attr("x", (i) => i * wide).attr("width", wide - 1).attr("height", 10);
  svg.selectAll("text").data(layer.cuts).join("text").attr("x", (_, i) => (i + 1) * wide - 0.5)
    .attr("y", 23).attr("text-anchor", "middle")
    .text((cut) => (layer.unit === "share" ? quantity(cut, "share").replace(" ", "") : number(cut)));
  return svg.node();
}

function drawCircles(most, radius) {
  const sizes = [most, most / 10].map(round);
  const r = (value) => Math.sqrt(value / most) * radius;
  const svg = create("svg").attr("class", "crowds").attr("height", 2 * r(sizes[0]) + 4)
    .attr("width", 2 * r(sizes[0]) + 70).attr("role", "img").attr("aria-label", "Size of crowds");
  const base = 2 * r(sizes[0]) + 2;
  const middle = r(sizes[0]) + 2;
  svg.selectAll("circle").data(sizes).join("circle").attr("cx", middle)
    .attr("cy", (v) => base - r(v)).attr("r", r);
  svg.selectAll("text").data(sizes).join("text").attr("x", 2 * middle + 4)
    .attr("y", (v) => base - 2 * r(v) + 9).text((v) => number(v));
  return svg.node();
}

/** Fill the legend for a quantity. */
export function drawLegend(box, layer, { most, radius }) {
  const title = document.createElement("span");
  title.textContent = layer.label + (layer.suffix ?? (layer.unit === "share" ? ", share" : ""));
  const classes = document.createElement("div");
  classes.append(title, drawClasses(layer));
  if (layer.hue === "gap") {
    const note = document.createElement("span");
    note.textContent = "As it was less changed; neutral while the 95 % interval includes zero";
    box.replaceChildren(classes, note);
    return;
  }
  const circles = document.createElement("div");
  circles.className = "circles";
  const name = document.createElement("span");
  name.textContent = "People in the streets of a city";
  circles.append(drawCircles(most, radius), name);
  box.replaceChildren(classes, circles);
}
