import assert from "node:assert/strict";
import { test } from "node:test";
import { farRegions, middleOf } from "../charts/frame.js";

test("a country on both sides of the antimeridian has its middle there", () => {
  assert.equal(middleOf([177, 179, -179]), 179);
  assert.equal(middleOf([178, -178]), -180);
  assert.equal(middleOf([50, 80, 60]), 65);
  assert.equal(middleOf([7]), 7);
});

const at = (id, lon, lat, population) => ({ id, lon, lat, population });
const mainland = [at("n", 3, 50, 6e6), at("w", -2, 47, 4e6), at("s", 5, 43, 5e6), at("p", 2, 49, 12e6)];

test("few people an ocean away are outside of the frame, a wide country is not", () => {
  const ids = (regions) => farRegions(regions).map((region) => region.id);
  assert.deepEqual(ids([...mainland, at("far", 55, -21, 8e5)]), ["far"]);
  assert.deepEqual(ids(mainland), []);
  assert.deepEqual(ids([at("e", -74, 41, 2e7), at("c", -118, 34, 3.9e7), at("t", -97, 31, 2.9e7), at("ak", -150, 64, 7e5)]), []);
  assert.deepEqual(ids([at("one", 10, 10, 5)]), []);
});
