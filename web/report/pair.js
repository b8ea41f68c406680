/** The page of a pair: two maps, one slider, one colour scale; charts with differences below. */

import { bindChoice, bindClock } from "../charts/clock.js";
import { openGap, openHistory, openPlace } from "../charts/data.js";
import { byId } from "../charts/dom.js";
import { drawFans } from "../charts/fans.js";
import { gapLayers, mapLayers } from "../charts/layers.js";
import { drawLegend } from "../charts/legend.js";
import { drawMap } from "../charts/map.js";
import { mount } from "../charts/mount.js";
import { makeState } from "../charts/state.js";
import { drawTimeline } from "../charts/timeline.js";
import { onWidth } from "../charts/width.js";
import { drawPairCard } from "./card.js";
import { bindCopy, bindDownload, bindTheme, busiest, pairTable } from "./page.js";
import { bindScope } from "./scope.js";

const VIEWS = [{ key: "both", label: "Side by side" }, { key: "gap", label: "Difference" }];
const NOTE = "Neutral while the 95 % interval includes zero";

/** What each map shows: the history, its quantities, and where it is drawn. */
function panels({ place, arms, layerGaps, state }) {
  const most = Math.max(1, ...arms.flatMap((arm) => arm.cities.map((city) => city.active.reduce((a, b) => Math.max(a, b), 0))));
  const all = arms.map((arm) => ({ view: "both", box: byId(`map-${arm.key}`), title: arm.name, cities: arm.cities, layers: mapLayers(arm, arms) }));
  all.push({ view: "gap", box: byId("map-gap"), title: "difference", cities: [], layers: gapLayers(arms[0], layerGaps, place) });
  return all.map((panel) => ({
    ...panel, place, state, most, layer: () => panel.layers.find((one) => one.key === state.get("layer")),
  }));
}

/** Lanes of the model have the colour of their history. */
const laneOf = (lane) => (lane.key.startsWith("model")
  ? { ...lane, model: true, key: "model", whose: lane.key.slice("model-".length) } : lane);

function drawExplorer(context) {
  const { place, arms, state, lanes } = context;
  const all = panels(context);
  bindChoice(byId("layers"), all[0].layers, "layer", state);
  bindChoice(byId("views"), VIEWS, "view", state);
  const card = drawPairCard(byId("card"), context);
  const inView = () => all.filter((panel) => panel.view === state.get("view"));
  let maps = [];
  let timeline;
  const legend = () => drawLegend(byId("legend"), [inView()[0].layer()],
    { most: all[0].most, radius: maps[0].radius, note: state.get("view") === "gap" ? NOTE : "" });
  const redraw = () => {
    for (const panel of all) panel.box.hidden = panel.view !== state.get("view");
    maps = inView().map((panel) => drawMap(panel.box.querySelector(".map-figure"), panel));
    timeline = drawTimeline(byId("strip"), byId("hour"), { place, arms, state, lanes: lanes.map(laneOf) });
    legend();
  };
  state.on(["view"], redraw);
  state.on(["layer"], legend);
  state.on(["hour", "layer"], () => maps.forEach((map) => map.follow()));
  state.on(["scope", "region"], () => { maps.forEach((map) => map.mark()); timeline.mark(); });
  state.on(["hour"], () => timeline.follow());
  state.on(["hour", "scope", "region"], card);
  redraw();
  card();
  return redraw;
}

function start() {
  const place = openPlace(JSON.parse(byId("data").textContent));
  const arms = place.arms.map((arm) => openHistory(arm, place, arm.key, arm.name));
  const [gaps, layerGaps] = [place.fanGaps, place.layerGaps].map((all) => all.map((gap) => openGap(gap, place)));
  const widest = layerGaps.find((gap) => gap.key === "active").values(null)[0].map(Math.abs);
  const state = makeState({
    hour: busiest(widest), layer: arms[0].layers.keys().next().value, view: "both", region: null,
    hover: null, curves: false, presence: false, playing: false, speed: 12,
  });
  const context = { place, arms, gaps, layerGaps, lanes: place.lanes, state };
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
  bindCopy();
  bindDownload(`${place.case}-pair`, () => pairTable(context));
}

start();
