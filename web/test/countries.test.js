/** What is typed finds a country: codes and whole names first, then beginnings, then words inside. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { matches } from "../wizard/countries.js";

const names = { NER: "Niger", NGA: "Nigeria", GIN: "Guinea", GNB: "Guinea-Bissau", PNG: "Papua New Guinea", CIV: "Côte d'Ivoire" };
const all = Object.entries(names).map(([iso3, name]) => ({ iso3, name }));
const found = (typed) => matches(all, typed).map(({ iso3 }) => iso3);

test("a whole name or a code stands before what begins with it", () => {
  assert.deepEqual(found("niger"), ["NER", "NGA"]);
  assert.deepEqual(found("nga"), ["NGA"]);
});

test("beginnings stand before words inside", () => {
  assert.deepEqual(found("gui"), ["GIN", "GNB", "PNG"]);
});

test("accents and case do not matter, and nothing finds nothing", () => {
  assert.deepEqual(found("COTE"), ["CIV"]);
  assert.deepEqual(found("  "), []);
  assert.deepEqual(found("atlantis"), []);
});
