/** The timeline: the quiet days, the trigger, what somebody did and when, and who decides. */

import { create } from "d3-selection";
import { scaleLinear } from "d3-scale";
import { byId, make } from "../charts/dom.js";
import { midnights, moment } from "../charts/words.js";

const [HEIGHT, LEFT, RIGHT, LINE] = [74, 8, 8, 40];
const MOST = 120;
const words = (name) => name.replaceAll("_", " ");
/** What an event waits for, if it waits. */
const causeWords = (when) => {
  const parts = Object.entries(when ?? {}).filter(([, value]) => value !== null).map(([name, value]) => `${words(name)} ${value}`);
  return parts.length ? `, once ${parts.join(", ")}` : "";
};
const hourOf = (draft, at) => (Date.parse(`${at}:00Z`) - Date.parse(`${draft.start}:00Z`)) / 3600e3;

function strip(draft, width) {
  const clock = { origin: Date.parse(`${draft.start}:00Z`), hours: draft.hours };
  const x = scaleLinear([0, draft.hours], [LEFT, width - RIGHT]).clamp(true);
  const svg = create("svg").attr("width", width).attr("height", HEIGHT).attr("viewBox", `0 0 ${width} ${HEIGHT}`).attr("role", "img")
    .attr("aria-label", `Days of the run with ${draft.triggers.length} trigger and ${draft.timeline.length} events`);
  svg.append("line").attr("class", "axis").attr("x1", LEFT).attr("x2", width - RIGHT).attr("y1", LINE).attr("y2", LINE);
  const days = midnights(clock);
  const step = Math.ceil(days.length / Math.max(2, Math.floor(width / 64)));
  const each = days.filter((_, i) => i % step === 0);
  svg.append("g").selectAll("line").data(days).join("line").attr("class", "axis").attr("x1", (d) => x(d.hour)).attr("x2", (d) => x(d.hour))
    .attr("y1", LINE).attr("y2", LINE + 5);
  svg.append("g").selectAll("text").data(each).join("text").attr("x", (d) => x(d.hour)).attr("y", LINE + 22).text((d) => `${d.day} ${d.month}`);
  for (const one of draft.triggers) {
    const at = x(hourOf(draft, one.at));
    svg.append("line").attr("class", "begins").attr("x1", at).attr("x2", at).attr("y1", 18).attr("y2", LINE);
    svg.append("text").attr("class", "begins-name").attr("x", at + 6).attr("y", 24).text("It begins");
  }
  svg.append("g").selectAll("circle").data(draft.timeline).join("circle").attr("class", (one) => (one.enabled ? "event on" : "event"))
    .attr("cx", (one) => x(hourOf(draft, one.at))).attr("cy", LINE).attr("r", 5);
  return { node: svg.node(), clock };
}

/** Bind the section; returns what draws it. */
export function bindTimeline(context) {
  document.querySelectorAll("input[name=mode]").forEach((radio) => radio.addEventListener("change", () => {
    context.edit({ settings: { mode: radio.value } }).catch(context.refused);
  }));
  const item = (one, clock) => {
    const box = make("input", { type: "checkbox", checked: one.enabled, "aria-label": `${words(one.do)}, ${moment(clock, hourOf(context.draft(), one.at))}` });
    box.addEventListener("change", () => {
      context.edit({ settings: { [`timeline.${one.number}.enabled`]: box.checked } }).catch((problem) => {
        box.checked = one.enabled;
        context.refused(problem);
      });
    });
    return make(`li${one.enabled ? ".on" : ""}`, {}, make("label", {}, box, make("time", { datetime: one.at }, moment(clock, hourOf(context.draft(), one.at)))),
      make("div", {}, make("b", {}, `${words(one.actor)}: ${words(one.do)}`), ` in ${one.where.map(context.place).join(", ")}${causeWords(one.when)}`,
        make("p", {}, one.text), make("p.fine", {}, one.source)));
  };
  return () => {
    const draft = context.draft();
    document.querySelector(`input[name=mode][value=${draft.mode}]`).checked = true;
    const { node, clock } = strip(draft, Math.max(260, byId("strip").clientWidth));
    byId("strip").replaceChildren(node);
    const events = [...draft.timeline].sort((a, b) => a.at.localeCompare(b.at)).slice(0, MOST);
    byId("events").replaceChildren(...events.map((one) => item(one, clock)));
    byId("events-none").hidden = draft.timeline.length > 0;
  };
}
