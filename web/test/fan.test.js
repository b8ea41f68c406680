import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHTML } from "linkedom";
import { drawFan, readings, worthOf } from "../charts/fan.js";

globalThis.document = parseHTML("<!doctype html><body></body>").document;

const levels = (...middle) => [0.5, 0.8, 1, 1.2, 1.5].map((factor) => middle.map((value) => value * factor));
const base = { key: "base", name: "Baseline", quantiles: levels(0, 100, 50), curves: [], runs: 8 };
const other = { key: "other", name: "Counterfactual", quantiles: levels(0, 40, 50), curves: [], runs: 8 };
const chart = (more = {}) => ({
  name: "On the street", unit: "people", origin: Date.UTC(2022, 0, 2), arms: [base], gap: null, observed: [], notes: [], ...more,
});
const points = (path) => path.getAttribute("d").match(/[\d.]+,[\d.]+/g).map((pair) => pair.split(",").map(Number));
const gap = [[0, 60, 0], [0, 50, -5], [0, 70, 5]];

test("the median path has one point an hour, and the largest value is the highest", () => {
  const { svg } = drawFan(chart(), { width: 410 });
  const at = points(svg.querySelector(".median"));
  assert.deepEqual(at.map(([x]) => x), [0, 200, 400]);
  assert.equal(Math.min(...at.map(([, y]) => y)), at[1][1]);
});

test("both histories share one scale: where they agree, their lines meet", () => {
  const { svg } = drawFan(chart({ arms: [base, other], gap }), { width: 410 });
  const [one, two] = ["base", "other"].map((key) => points(svg.querySelector(`.median.${key}`)));
  assert.deepEqual(one[2], two[2]);
  assert.ok(one[1][1] < two[1][1]);
});

test("a missing hour breaks the line instead of drawing a zero", () => {
  const gone = { ...base, quantiles: levels(1, NaN, 2, 3) };
  const { svg } = drawFan(chart({ arms: [gone] }), { width: 410 });
  assert.equal(svg.querySelector(".median").getAttribute("d").match(/M/g).length, 2);
});

test("a paired difference without any difference says so", () => {
  const flat = [[0, 0, 0], [0, 0, 0], [0, 0, 0]];
  const { svg } = drawFan(chart({ arms: [base, base], gap: flat }), { width: 410 });
  assert.equal(svg.querySelector(".gap-name").textContent, "No pair differs");
  assert.equal(svg.querySelector(".gap-curve"), null);
});

test("the pointer reads both histories and their difference with its interval", () => {
  assert.deepEqual(readings(chart({ arms: [base, other], gap }), 1), [
    "Baseline 100, 90 % of 8 runs 50 to 150", "Counterfactual 40, 90 % of 8 runs 20 to 60",
    "difference +60 (95 % interval +50 to +70)"]);
  assert.deepEqual(readings(chart({ arms: [{ ...base, runs: 1 }] }), 1), ["Baseline 100"]);
});

test("the line of the present hour moves with the hour", () => {
  const { svg, follow } = drawFan(chart(), { width: 410, choose() {} });
  follow(2);
  assert.equal(svg.querySelector(".head").getAttribute("transform"), "translate(400.0,0)");
});

test("a quantity is worth its highest, lowest or last value", () => {
  assert.deepEqual(["max", "min", "last"].map((kind) => worthOf([3, 9, 1, 4], kind)), [1, 2, 3]);
});
