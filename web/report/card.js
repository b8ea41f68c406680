/** The card beside the map: the chosen place at the chosen hour, and what had just happened. */

import { make } from "../charts/dom.js";
import { gapWords } from "../charts/layers.js";
import { moment, number, quantity } from "../charts/words.js";

const RECENT = 3;

/** Name of the place, its residents, and the way back to the country. */
function headOf({ place, state }) {
  const name = make("h3");
  const people = make("p.people");
  const back = make("button.ghost.back", { type: "button", onclick: () => state.set({ region: null, hover: null }) }, "Whole country");
  const total = place.regions.reduce((sum, r) => sum + r.population, 0);
  const follow = () => {
    const region = place.region.get(state.get("scope"));
    name.textContent = region ? region.name : place.country;
    people.textContent = `${number(region ? region.population : total)} residents`;
    back.hidden = state.get("region") === null;
  };
  return { name, people, back, follow };
}

/** The last scripted events up to the hour, newest first. */
export function recent(lanes, hour) {
  return lanes.filter((lane) => lane.key !== "model")
    .flatMap((lane) => lane.marks.map((mark) => ({ ...mark, key: lane.key })))
    .filter((mark) => mark.start < hour + 1)
    .sort((a, b) => b.start - a.start || (a.label < b.label ? -1 : 1)).slice(0, RECENT);
}

/** Fill the card of one history; returns the function that follows the state. */
export function drawCard(box, { place, arm, state }) {
  const { name, people, back, follow } = headOf({ place, state });
  const list = make("dl.now");
  const news = make("ol.news");
  box.replaceChildren(name, people, list, make("h4", {}, "What had happened"), news, back);
  return () => {
    follow();
    const hour = state.get("hour");
    list.replaceChildren(...[...arm.layers.values()].map((layer) => make("div", {}, make("dt", {}, layer.title),
      make("dd", {}, quantity(layer.row(state.get("scope"))[hour], layer.unit)))));
    news.replaceChildren(...recent(arm.lanes, hour).map((mark) => make(`li.lane-${mark.key}`, {},
      make("time", {}, moment(place, mark.start)), make("span", {}, mark.label))));
  };
}

/** Fill the card of two histories; returns the function that follows the state. */
export function drawPairCard(box, { place, arms, layerGaps, state }) {
  const { name, people, back, follow } = headOf({ place, state });
  const columns = [["", "At this hour"], [".num.base", arms[0].name], [".num.other", arms[1].name], [".num", "Difference, 95 % interval"]];
  const body = make("tbody");
  const table = make("table.plain", {}, make("thead", {}, make("tr", {},
    ...columns.map(([css, text]) => make(`th${css}`, { scope: "col" }, text)))), body);
  box.replaceChildren(make("div.card-head", {}, name, people, back), table);
  return () => {
    follow();
    const [scope, hour] = [state.get("scope"), state.get("hour")];
    body.replaceChildren(...[...arms[0].layers.values()].map((layer) => {
      const [own, other] = arms.map((arm) => quantity(arm.layers.get(layer.key).row(scope)[hour], layer.unit));
      const gap = layerGaps.find((one) => one.key === layer.key).values(scope).map((line) => line[hour]);
      return make("tr", {}, make("th", { scope: "row" }, layer.title), make("td.num.base", {}, own),
        make("td.num.other", {}, other), make("td.num", {}, gapWords(gap, layer)));
    }));
  };
}
