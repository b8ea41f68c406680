/** The report page: reads its data and wires the parts together. */

import { bindChoice, bindClock } from "../charts/clock.js";
import { openHistory, openPlace } from "../charts/data.js";
import { byId } from "../charts/dom.js";
import { drawFans } from "../charts/fans.js";
import { mapLayers } from "../charts/layers.js";
import { drawLegend } from "../charts/legend.js";
import { drawMap } from "../charts/map.js";
import { mount } from "../charts/mount.js";
import { makeState } from "../charts/state.js";
import { drawTimeline } from "../charts/timeline.js";
import { onWidth } from "../charts/width.js";
import { drawCard } from "./card.js";
import { bindCopy, bindDownload, bindParameters, bindTheme, busiest, quantileTable } from "./page.js";
import { bindScope } from "./scope.js";

function drawExplorer({ place, arms: [arm], state }) {
  const layers = mapLayers(arm);
  const layer = () => layers.find((one) => one.key === state.get("layer"));
  const most = arm.cities.reduce((top, city) => city.active.reduce((a, b) => Math.max(a, b), top), 0) || 1;
  const lanes = arm.lanes.map((lane) => ({ ...lane, model: lane.key === "model" }));
  let map;
  let timeline;
  const legend = () => drawLegend(byId("legend"), [layer()], { most, radius: map.radius });
  const redraw = () => {
    map = drawMap(byId("map-figure"), { place, state, layer, cities: arm.cities, most, title: `regions of ${place.country}` });
    timeline = drawTimeline(byId("strip"), byId("hour"), { place, arms: [arm], lanes, reported: arm.reported, state });
    legend();
  };
  bindChoice(byId("layers"), layers, "layer", state);
  const card = drawCard(byId("card"), { place, arm, state });
  state.on(["layer"], legend);
  state.on(["hour", "layer", "presence"], () => map.follow());
  state.on(["scope", "region"], () => { map.mark(); timeline.mark(); });
  state.on(["hour"], () => timeline.follow());
  state.on(["hour", "scope", "region"], card);
  redraw();
  card();
  return redraw;
}

function start() {
  const place = openPlace(JSON.parse(byId("data").textContent));
  const arms = [openHistory(place, place)];
  const state = makeState({
    hour: busiest(arms[0].layers.get("active")?.national ?? [0]), layer: arms[0].layers.keys().next().value, region: null,
    hover: null, curves: true, presence: true, playing: false, speed: 12,
  });
  const context = { place, arms, state };
  byId("explorer").hidden = false;
  const follow = bindClock(state, () => place, byId("map"));
  state.on(["hour"], follow);
  follow();
  bindScope(context);
  const fans = drawFans([...document.querySelectorAll(".fan")], context);
  state.on(["hour"], fans.follow);
  state.on(["scope", "curves"], fans.mark);
  onWidth([drawExplorer(context), fans.mark]);
  mount();
  bindTheme();
  bindParameters();
  bindCopy();
  bindDownload(place.case, () => quantileTable(place, arms[0]));
}

start();
