import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { promptly } from "../app/dom.js";

test("the first of many calls is done at once, of those that follow closely the last", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const now = mock.method(performance, "now", () => 0);
  const done = [];
  const act = promptly(40, (value) => done.push(value));
  act("first");
  assert.deepEqual(done, ["first"]);
  for (const [moment, value] of [[10, "second"], [20, "third"]]) {
    now.mock.mockImplementation(() => moment);
    act(value);
  }
  assert.deepEqual(done, ["first"]);
  mock.timers.tick(40);
  assert.deepEqual(done, ["first", "third"]);
  now.mock.mockImplementation(() => 100);
  act("later");
  assert.deepEqual(done, ["first", "third", "later"]);
  mock.timers.reset();
});
