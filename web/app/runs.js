/** Running for real: how many seeds, how long it will take, progress, cancel. */

import { get, post, remove } from "./api.js";
import { byId, make } from "../charts/dom.js";
import { quietly, say } from "./dom.js";
import { scaleTruth } from "./effects.js";

const OVER = ["done", "failed", "cancelled"];
const SHOW_EVERY = 700;
const REST = 6;

export function duration(seconds) {
  if (seconds < 1) return "a second";
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

function estimateWords(found, scale) {
  const truth = scaleTruth(scale);
  const tail = truth ? ` ${truth}` : "";
  if (found.runs === 0) return `All of it is stored: nothing to run.${tail}`;
  const runs = `${found.runs} ${found.runs === 1 ? "run" : "runs"} of citizens to make`;
  if (found.seconds === null) return `${runs}. How long is known after the first one at this scale.${tail}`;
  return `${runs}, about ${duration(found.seconds)} (from ${found.measured} stored ${
    found.measured === 1 ? "run" : "runs"} of this size).${tail}`;
}

/** Keep the estimate and the button up to date; `sync` follows the setting, `resume` older jobs. */
export function bindRuns(context) {
  const button = byId("run");
  const seeds = byId("seeds");
  const scales = [...document.querySelectorAll("input[name=scale]")];
  let asked = 0;
  const estimate = quietly(150, async () => {
    asked += 1;
    const mine = asked;
    try {
      const found = await post("/api/estimate", context.setting());
      if (mine !== asked) return;
      byId("estimate").textContent = estimateWords(found, context.setting().scale);
      byId("command").textContent = found.command;
      context.told(found.parameters);
      button.disabled = found.runs === 0;
      button.textContent = found.runs === 0 ? "Nothing to run" : `Run ${context.setting().seeds} seeds`;
    } catch (problem) {
      if (mine === asked) byId("estimate").textContent = problem.message;
    }
  });
  seeds.addEventListener("change", () => {
    const value = Math.max(1, Math.min(200, Math.round(seeds.valueAsNumber) || 1));
    seeds.value = value;
    context.change((setting) => { setting.seeds = value; });
  });
  scales.forEach((radio) => radio.addEventListener("change", () => {
    context.change((setting) => { setting.scale = Number(radio.value); });
  }));
  button.addEventListener("click", () => start(context, estimate));
  const resume = async () => (await get("/api/jobs")).filter((job) => !OVER.includes(job.state))
    .forEach((job) => follow(job, context, estimate));
  const sync = () => {
    const setting = context.setting();
    seeds.value = setting.seeds;
    scales.forEach((radio) => { radio.checked = Number(radio.value) === setting.scale; });
    estimate();
  };
  return { sync, resume };
}

async function start(context, estimate) {
  byId("run").disabled = true;
  try {
    follow(await post("/api/jobs", context.setting()), context, estimate);
  } catch (problem) {
    say(problem.message, "error");
    byId("run").disabled = false;
  }
}

function words(job) {
  const left = job.left === null ? "" : `, about ${duration(job.left)} left`;
  return {
    waiting: "waiting for its turn",
    compiling: "turning the model into machine code, once",
    running: `${job.done} of ${job.total} runs${left}`,
    done: `done: ${job.done} of ${job.total} runs in ${duration(job.seconds)}`,
    cancelled: `cancelled: ${job.done} of ${job.total} runs are kept`,
    failed: job.reason || `${job.failed.length} of ${job.total} runs failed: ${job.failed[0]?.reason ?? ""}`,
  }[job.state];
}

const followed = new Set();

function follow(job, context, estimate) {
  if (followed.has(job.id)) return;
  followed.add(job.id);
  const bar = make("progress", { max: 1, value: 0, "aria-label": `Progress of ${job.title}` });
  const text = make("p.job-words", { "aria-live": "off" });
  const cancel = make("button.ghost", { type: "button" }, "Cancel");
  const node = make("li.job", {}, make("b", {}, job.title), bar, text, cancel);
  byId("jobs").prepend(node);
  cancel.onclick = () => {
    cancel.disabled = true;
    remove(`/api/jobs/${job.id}`).catch((problem) => say(problem.message, "error"));
  };
  let made = 0;
  let next = 0;
  let events = null;
  const show = (now) => {
    node.dataset.state = now.state;
    bar.value = now.total ? now.done / now.total : 0;
    text.textContent = words(now);
    const over = OVER.includes(now.state);
    if (now.made !== made && !over && Date.now() > next) {
      made = now.made;
      next = Infinity;
      const began = Date.now();
      context.refresh().finally(() => {
        next = Date.now() + Math.max(SHOW_EVERY, REST * (Date.now() - began)); // runs come first
      });
    }
    if (!over) return;
    events?.close();
    bar.hidden = now.state !== "done";
    cancel.textContent = "Dismiss";
    cancel.disabled = false;
    cancel.onclick = () => node.remove();
    say(`${now.title}: ${words(now)}`, now.state === "failed" ? "error" : "info");
    context.refresh();
    estimate();
  };
  events = new EventSource(`/api/jobs/${job.id}/events`);
  events.onmessage = (event) => show(JSON.parse(event.data));
  show(job);
}
