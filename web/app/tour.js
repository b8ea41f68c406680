/** A tour of one minute: what stands where, and what to do first. */

import { byId } from "../charts/dom.js";

const STEPS = [
  ["sentence", "The answer", "What the change did, in one sentence with its uncertainty. Below it stands what the figures rest on: a quick look is no result."],
  ["what-ifs", "What if", "Choose one thing that had not happened. The case as it was and the changed one are simulated with the same random draws."],
  ["stage", "Two histories", "The baseline at the left, the change at the right, one clock. Play, or move the hour; click a region to see it alone."],
  ["effects", "What the change did", "Each outcome in both histories and the difference, pair by pair. Grey means that the pairs do not tell it from nothing."],
  ["run", "Run", "A quick look counts people in cohorts. Run simulates every citizen; finished runs are kept, and you can go on tomorrow."],
  ["open-share", "Take it along", "A report, figures, tables, the link and the command that repeats everything to the last bit."],
];
const DONE = "steppe-toured";

/** Bind the tour; it offers itself until it has been taken or put away once. */
export function bindTour() {
  const box = byId("tour");
  const offer = byId("tour-offer");
  let at = 0;
  const mark = (on) => byId(STEPS[at][0]).classList.toggle("toured", on);
  const close = () => {
    mark(false);
    box.hidden = true;
    offer.focus();
    try {
      localStorage.setItem(DONE, "1");
    } catch {
      // a browser that keeps nothing offers the tour again
    }
    offer.classList.remove("fresh");
  };
  const show = () => {
    const [id, title, words] = STEPS[at];
    byId("tour-title").textContent = `${at + 1} of ${STEPS.length}: ${title}`;
    byId("tour-words").textContent = words;
    byId("tour-back").disabled = at === 0;
    byId("tour-next").textContent = at === STEPS.length - 1 ? "Done" : "Next";
    mark(true);
    if (byId(id).offsetParent !== null) byId(id).scrollIntoView({ block: "center" });
  };
  const go = (step) => {
    mark(false);
    at += step;
    if (at >= STEPS.length) {
      at = STEPS.length - 1;
      close();
    } else show();
  };
  offer.addEventListener("click", () => {
    at = 0;
    box.hidden = false;
    show();
    byId("tour-next").focus();
  });
  byId("tour-next").addEventListener("click", () => go(1));
  byId("tour-back").addEventListener("click", () => go(-1));
  byId("tour-close").addEventListener("click", close);
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  try {
    offer.classList.toggle("fresh", !localStorage.getItem(DONE));
  } catch {
    // as above
  }
}
