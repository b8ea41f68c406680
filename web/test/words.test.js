import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { clock, dayOf, midnights, moment, nights, number, quantity, signed } from "../charts/words.js";

const run = { origin: Date.UTC(2022, 0, 2), hours: 72 };

test("numbers have three significant digits and separators", () => {
  assert.equal(number(1234.5), "1,230");
  assert.equal(number(0.012345), "0.0123");
  assert.equal(number(NaN), "–");
});

test("shares are said per cent, their differences in percentage points", () => {
  assert.equal(quantity(0.256, "share"), "25.6 %");
  assert.equal(signed(-0.256, "share"), "−25.6 pp");
  assert.equal(signed(-0.256, "index", 2), "−0.26");
  assert.equal(signed(12, "people"), "+12");
  assert.equal(signed(0, "people"), "±0");
});

test("figures read as in the terminal and the report", async () => {
  const cases = JSON.parse(await readFile(new URL("figures.json", import.meta.url), "utf8"));
  for (const [value, unit, digits, words, gap] of cases) {
    assert.equal(quantity(value, unit, digits), words);
    assert.equal(signed(value, unit, digits), gap);
  }
});

test("an hour covers the time up to the next", () => {
  assert.equal(clock(run, 25), "Mon 3 January 2022, 01:00–02:00");
  assert.equal(moment(run, 25.5), "Mon 3 Jan, 01:30");
});

test("days begin at midnight, nights last from 20:00 to 07:00 inside the run", () => {
  assert.deepEqual(midnights(run).map((day) => [day.hour, day.day]), [[0, 2], [24, 3], [48, 4]]);
  assert.deepEqual(nights(run), [[0, 7], [20, 31], [44, 55], [68, 71]]);
  assert.equal(dayOf({ ...run, origin: Date.UTC(2022, 0, 2, 22) }, 2), 1);
});
