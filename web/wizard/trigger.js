/** The trigger: its size on a slider, and beside it what each size does, with none at zero. */

import { drawCurve } from "../charts/curve.js";
import { byId, make } from "../charts/dom.js";
import { number } from "../charts/words.js";
import { get, post } from "../app/api.js";
import { quietly } from "../app/dom.js";
import { mark } from "./status.js";
import { LETTERS, SIZES, sizeWords } from "./words.js";

const STEPS = 200;
/** Seeds of the curve: first a rough one, at last as many as the command line has. */
const SEEDS = [4, 12, 20];
const tidy = (value) => Number(value.toPrecision(3));

function ends({ size, low, high }) {
  return [Math.min(low ?? size / 2, size), Math.max(high ?? size * 2, size)];
}

/** The curve of a draft, drawn again when the slider moves; `size` is where the slider is. */
function chartOf(box, dose, trigger, size) {
  const points = dose.points.map((one) => ({ x: one.size, low: one.low, mid: one.mid, high: one.high }));
  const curve = { points, x: points.map(({ x }) => x), y: points.map(({ mid }) => mid), unit: "people", x_label: SIZES[trigger.kind],
    y_label: "people", x_unit: trigger.kind === "price" ? "share" : "1", here: size, interval: "5 to 95 %" };
  box.replaceChildren(drawCurve(curve, { width: Math.max(260, box.clientWidth), label: "Most people on the street by the size of the trigger" }));
}

function say(dose) {
  const [none, now] = [dose.points[0], dose.points.find((one) => one.size === dose.size)];
  const share = (value) => `${Math.round(100 * value)} %`;
  const [low, middle, high] = dose.added;
  const answer = `${dose.quiet ? "Yes" : "No"}${dose.whole ? "" : ", so far"}`;
  byId("quiet").replaceChildren(make(dose.quiet ? "b.yes" : "b.no", {}, answer),
    ` a crisis in ${share(none.crises)} of ${dose.seeds} runs; with it in ${share(now.crises)}`);
  byId("added").replaceChildren(make("b", {}, number(middle)), ` people at the peak (${number(low)} to ${number(high)})`);
}

/** Bind the section; returns what draws it for a draft. */
export function bindTrigger(context) {
  const slider = byId("size");
  let newest = 0;
  let dose = null;
  let hash = "";
  const trigger = () => context.draft().triggers[0];
  let moved = false;
  const sizeAt = () => {
    if (!moved) return trigger().size;
    const [low, high] = ends(trigger());
    return tidy(low + (slider.valueAsNumber / STEPS) * (high - low));
  };
  const follow = () => {
    const size = sizeAt();
    byId("size-now").textContent = sizeWords(trigger().kind, size);
    slider.setAttribute("aria-valuetext", `${sizeWords(trigger().kind, size)}, ${SIZES[trigger().kind]}`);
    if (dose) chartOf(byId("dose-plot"), dose, trigger(), size);
  };
  async function wait(mine, seeds) {
    for (let seconds = 1; ; seconds += 1) {
      await new Promise((done) => { setTimeout(done, 1000); });
      if (mine.over || mine.id !== newest) return;
      const { compiling } = await get("/api/look");
      if (mine.over || mine.id !== newest) return;
      byId("dose-told").textContent = compiling
        ? `The rules are being turned into machine code, once after an update, in about half a minute; ${seconds} s so far.`
        : `${seeds} runs of each size are being made; ${seconds} s so far.`;
    }
  }
  async function read() {
    newest += 1;
    const id = newest;
    for (const seeds of SEEDS) {
      const mine = { id, over: false };
      wait(mine, seeds).catch(() => {}); // the answer itself says what is wrong
      let reply;
      try {
        reply = await post(`/api/drafts/${context.draft().id}/dose`, { seeds });
      } catch (problem) {
        if (id === newest) byId("dose-told").textContent = problem.message;
        return;
      } finally {
        mine.over = true;
      }
      if (!reply || id !== newest) return;
      dose = reply;
      say(dose);
      byId("dose-told").textContent = dose.whole ? `${dose.seeds} runs of each size, by cohorts: a quick look, not a result.`
        : `${dose.seeds} runs of each size so far …`;
      follow();
    }
  }
  const put = quietly(250, async () => {
    const size = sizeAt();
    if (size !== trigger().size) await context.edit({ settings: { [`triggers.${trigger().number}.size`]: size } }).catch(context.refused);
  });
  slider.addEventListener("input", () => { moved = true; follow(); });
  slider.addEventListener("change", put);
  byId("size-edit").addEventListener("click", () => context.editTrigger());
  return () => {
    const draft = context.draft();
    byId("trigger").hidden = !draft.triggers.length;
    if (!draft.triggers.length) return;
    const one = trigger();
    const [low, high] = ends(one);
    moved = false;
    slider.value = Math.round(((one.size - low) / (high - low || 1)) * STEPS);
    byId("trigger-words").textContent = `${one.text} It begins on ${one.at.replace("T", " at ")}, in ${one.where.map(context.place).join(", ")}.`;
    byId("size-name").textContent = SIZES[one.kind];
    byId("size-low").textContent = sizeWords(one.kind, low);
    byId("size-high").textContent = sizeWords(one.kind, high);
    byId("size-status").replaceChildren(mark(LETTERS[one.basis] ?? "a", true));
    byId("size-now").textContent = sizeWords(one.kind, one.size);
    slider.setAttribute("aria-valuetext", `${sizeWords(one.kind, one.size)}, ${SIZES[one.kind]}`);
    if (dose && hash.split("/")[0] === draft.id) follow();
    const key = `${draft.id}/${draft.model}/${low}/${high}`;
    if (key !== hash) {
      hash = key;
      read();
    }
  };
}
