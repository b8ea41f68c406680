/** Waiting, and saying something on the page. */

import { byId } from "../charts/dom.js";

/** Call `work` once things have been quiet for `ms`; later calls replace earlier ones. */
export function quietly(ms, work) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...values), ms);
  };
}

/** Do `work` at once; of calls that follow within `ms` of another only the last, once they rest. */
export function promptly(ms, work) {
  let [timer, last] = [0, -Infinity];
  return (...values) => {
    clearTimeout(timer);
    const isFirst = performance.now() - last > ms;
    last = performance.now();
    if (isFirst) work(...values);
    else timer = setTimeout(() => work(...values), ms);
  };
}

/** Whether a promise is settled within `ms`; waits no longer than that. */
export function within(ms, promise) {
  const late = new Promise((done) => { setTimeout(done, ms, false); });
  const settled = promise.then(() => true, () => true);
  return Promise.race([settled, late]);
}

/** Say something to screen readers and, for a moment, on the page. */
export function say(text, kind = "info") {
  const box = byId("said");
  box.textContent = text;
  box.className = `said ${kind}`;
  box.hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { box.hidden = true; }, kind === "error" ? 9000 : 4000);
}
