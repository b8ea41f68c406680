import assert from "node:assert/strict";
import { test } from "node:test";
import { tally } from "../app/pages.js";

test("what the script puts in is no figure that is met, as in the report", () => {
  const rows = [["met", false], ["near", false], ["missed", false], ["missed", true], ["met", true], ["untested", false]];
  const targets = rows.map(([verdict, is_input]) => ({ verdict, is_input }));
  assert.equal(tally({ targets }), "1 of 3");
});
