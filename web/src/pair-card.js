/** The card below the maps: the chosen place at the chosen hour in both histories. */

import { gapWords } from "./layers.js";
import { number, quantity } from "./words.js";

function element(tag, css, text) {
  const node = document.createElement(tag);
  if (css) node.className = css;
  if (text !== undefined) node.textContent = text;
  return node;
}

/** Fill the card; returns the function that follows the state. */
export function drawPairCard(box, { data, state }) {
  const name = element("h3");
  const people = element("p", "people");
  const back = element("button", "ghost back", "Whole country");
  back.type = "button";
  back.addEventListener("click", () => state.set({ region: null, hover: null }));
  const table = element("table", "plain");
  const head = element("tr");
  for (const [css, text] of [["", "At this hour"], ["num base", "As it was"],
    ["num other", "Changed"], ["num", "Difference, 95 % interval"]]) {
    const cell = element("th", css, text);
    cell.scope = "col";
    head.append(cell);
  }
  const top = element("thead");
  const body = element("tbody");
  top.append(head);
  table.append(top, body);
  const title = element("div", "card-head");
  title.append(name, people, back);
  box.replaceChildren(title, table);
  return () => {
    const [scope, hour] = [state.get("scope"), state.get("hour")];
    const region = scope === null ? null : data.region.get(scope);
    const total = data.regions.reduce((sum, r) => sum + r.population, 0);
    name.textContent = region ? region.name : data.country;
    people.textContent = `${number(region ? region.population : total)} residents`;
    back.hidden = state.get("region") === null;
    body.replaceChildren(...data.arms[0].layers.map((layer) => {
      const twin = data.arms[1].layers.find((one) => one.key === layer.key);
      const gap = data.layerGaps.find((one) => one.key === layer.key);
      const value = (one) => (region ? one.regional[region.index] : one.national)[hour];
      const row = element("tr");
      const label = element("th", "", layer.title);
      label.scope = "row";
      const bounds = gap.values(scope).map((line) => line[hour]);
      row.append(label, element("td", "num base", quantity(value(layer), layer.unit)),
        element("td", "num other", quantity(value(twin), layer.unit)),
        element("td", "num", gapWords(bounds, layer)));
      return row;
    }));
  };
}
