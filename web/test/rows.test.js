import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHTML } from "linkedom";
import { drawCurve } from "../charts/curve.js";
import { drawRows } from "../charts/rows.js";

globalThis.document = parseHTML("<!doctype html><body></body>").document;

const number = (node, name) => Number(node.getAttribute(name));
const OPTIONS = { width: 600, label: "Test" };

test("an effect stands right of the zero line when it is positive, left when negative", () => {
  const rows = [{ label: "a", low: 1, mid: 2, high: 3, values: [1, 2, 3], unit: "people" },
    { label: "b", low: -3, mid: -2, high: -1, values: [-1, -2], unit: "people" }];
  const svg = drawRows("effects", { rows }, OPTIONS);
  const zeros = [...svg.querySelectorAll(".zero")].map((line) => number(line, "x1"));
  const means = [...svg.querySelectorAll(".gap-dot")].map((dot) => number(dot, "cx"));
  assert.ok(means[0] > zeros[0] && means[1] < zeros[1]);
});

test("a pile of dots stays inside its row", () => {
  for (const width of [320, 600]) {
    const row = (label) => ({ label, low: -1, mid: 0, high: 1, values: Array(40).fill(0), unit: "people" });
    const svg = drawRows("effects", { rows: [row("first"), row("second")], shared: true }, { ...OPTIONS, width });
    const names = [...svg.querySelectorAll(".row-name")].map((name) => number(name, "y"));
    const zeros = [...svg.querySelectorAll(".zero")].map((line) => number(line, "y1"));
    const piles = [...svg.querySelectorAll(".pair-dots")].map((pile) => [...pile.querySelectorAll("circle")].map((dot) => number(dot, "cy")));
    piles.forEach((heights, at) => {
      assert.ok(Math.min(...heights) >= zeros[at]);
      if (width < 520) assert.ok(Math.min(...heights) - 2.2 > names[at]);
    });
  }
});

test("an effect whose interval includes zero is marked unclear", () => {
  const rows = [{ label: "a", low: -1, mid: 1, high: 3, unit: "" }, { label: "b", low: 1, mid: 2, high: 3, unit: "" }];
  const svg = drawRows("effects", { rows }, OPTIONS);
  assert.equal(svg.querySelectorAll(".unclear.gap-dot").length, 1);
});

test("a shared scale gives equal values equal places, a scale for each row does not", () => {
  const rows = [{ label: "a", low: 1, mid: 2, high: 4, unit: "" }, { label: "b", low: 2, mid: 4, high: 8, unit: "" }];
  const places = (data) => {
    const lines = [...drawRows("intervals", data, OPTIONS).querySelectorAll(".sim-line")];
    return [number(lines[0], "x2"), number(lines[1], "x2")];
  };
  const [one, other] = places({ rows, shared: true });
  assert.ok(one < other);
  const [first, second] = places({ rows });
  assert.ok(Math.abs(first - second) < 1e-9);
});

test("a share fills its part of the bar", () => {
  const svg = drawRows("shares", { rows: [{ low: 0.2, mid: 0.25, high: 0.3 }] }, OPTIONS);
  assert.ok(Math.abs(number(svg.querySelector(".bar"), "width") / number(svg.querySelector(".bar-back"), "width") - 0.25) < 1e-9);
});

test("an observed range that is open at one end reaches the end of the axis", () => {
  const rows = [{ low: 1, mid: 2, high: 3, observed_low: 2, observed_high: null, unit: "" }];
  const band = drawRows("intervals", { rows }, OPTIONS).querySelector(".obs-range");
  assert.ok(Math.abs(number(band, "x") + number(band, "width") - 591) < 1e-9);
});

test("every row says its numbers", () => {
  const svg = drawRows("intervals", { rows: [{ label: "Killed", low: 100, mid: 200, high: 300, unit: "people" }] }, OPTIONS);
  assert.equal(svg.querySelector("title").textContent, "Killed 200 (100 to 300)");
});

test("a curve marks where it tips between the doses beside it", () => {
  const data = { x: [0, 1, 2], y: [0, 0.5, 1], low: [0, 0.3, 0.8], high: [0.2, 0.7, 1], points: [{ x: 1, low: 0.3, mid: 0.5, high: 0.7 }],
    x_label: "dose", y_label: "chance", unit: "share", mark: { low: 0.5, at: 1, high: 1.5 } };
  const svg = drawCurve(data, OPTIONS);
  assert.equal(number(svg.querySelector(".tip-line"), "x1"), number(svg.querySelector(".sim-dot"), "cx"));
  assert.match(svg.querySelector("g title").textContent, /dose 1: 50 %, 95 % 30 % to 70 %/);
});
