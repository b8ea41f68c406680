/** The card beside the map: the chosen place at the chosen hour, and what had just happened. */

import { moment, number, quantity } from "./words.js";

const RECENT = 3;

function element(tag, css, text) {
  const node = document.createElement(tag);
  if (css) node.className = css;
  if (text !== undefined) node.textContent = text;
  return node;
}

function valuesOf(data, scope, hour) {
  return data.layers.map((layer) => {
    const row = scope === null ? layer.national : layer.regional[data.region.get(scope).index];
    return [layer.title, quantity(row[hour], layer.unit)];
  });
}

/** The last scripted events up to the hour, newest first. */
function recent(data, hour) {
  return data.lanes.filter((lane) => lane.key !== "model")
    .flatMap((lane) => lane.marks.map((mark) => ({ ...mark, lane: lane.title, key: lane.key })))
    .filter((mark) => mark.start < hour + 1)
    .sort((a, b) => b.start - a.start || (a.label < b.label ? -1 : 1)).slice(0, RECENT);
}

/** Fill the card; returns the function that follows the state. */
export function drawCard(box, { data, state }) {
  const name = element("h3");
  const people = element("p", "people");
  const back = element("button", "ghost back", "Whole country");
  back.type = "button";
  back.addEventListener("click", () => state.set({ region: null, hover: null }));
  const list = element("dl", "now");
  const news = element("ol", "news");
  box.replaceChildren(name, people, list, element("h4", "", "What had happened"), news, back);
  return () => {
    const [scope, hour] = [state.get("scope"), state.get("hour")];
    const region = scope === null ? null : data.region.get(scope);
    const total = data.regions.reduce((sum, r) => sum + r.population, 0);
    name.textContent = region ? region.name : data.country;
    people.textContent = `${number(region ? region.population : total)} residents`;
    back.hidden = state.get("region") === null;
    list.replaceChildren(...valuesOf(data, scope, hour).map(([title, value]) => {
      const row = element("div");
      row.append(element("dt", "", title), element("dd", "", value));
      return row;
    }));
    news.replaceChildren(...recent(data, hour).map((mark) => {
      const item = element("li", `lane-${mark.key}`);
      item.append(element("time", "", moment(data, mark.start)), element("span", "", mark.label));
      return item;
    }));
  };
}
