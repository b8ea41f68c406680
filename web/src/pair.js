/** The page of a pair: two maps, one slider, one colour scale; charts with differences below. */

import { max } from "d3-array";
import { readPair } from "./pair-data.js";
import { makeState } from "./state.js";
import { drawMap } from "./map.js";
import { drawLegend } from "./legend.js";
import { drawStrip } from "./strip.js";
import { drawPairFan } from "./pair-fan.js";
import { drawPairCard } from "./pair-card.js";
import { gapLayers, mapLayers } from "./layers.js";
import { bindChoice, bindScope, bindTime } from "./controls.js";
import { bindCopy, bindDownload, bindTheme, csv } from "./page.js";
import { onWidth } from "./width.js";

const byId = (id) => document.getElementById(id);
const VIEWS = [{ key: "both", label: "Side by side" }, { key: "gap", label: "Difference" }];

/** What each map shows: the history, its quantities, and where it is drawn. */
function panels({ data, state }) {
  const most = max(data.arms, (arm) => max(arm.cities, (city) => max(city.active))) || 1;
  const arms = data.arms.map((arm) => ({
    view: "both", box: byId(`map-${arm.key}`), data: arm, layers: mapLayers(arm, data.arms), most,
  }));
  const cities = data.arms[0].cities.map((city) => ({ ...city, active: city.active.map(() => 0) }));
  const gap = {
    view: "gap", box: byId("map-gap"), data: { ...data.arms[0], cities },
    layers: gapLayers(data.arms[0], data.layerGaps), most,
  };
  return [...arms, gap].map((panel) => ({
    ...panel, state, layer: () => panel.layers.find((one) => one.key === state.get("layer")),
  }));
}

function drawExplorer(context) {
  const { data, state } = context;
  const all = panels(context);
  bindChoice(byId("layers"), all[0].layers, "layer", state);
  bindChoice(byId("views"), VIEWS, "view", state);
  const card = drawPairCard(byId("card"), context);
  const shown = () => all.filter((panel) => panel.view === state.get("view"));
  let maps = [];
  let strip;
  const legend = () => drawLegend(byId("legend"), shown()[0].layer(), maps[0]);
  const redraw = () => {
    for (const panel of all) panel.box.hidden = panel.view !== state.get("view");
    maps = shown().map((panel) => drawMap(panel.box.querySelector(".map-figure"), panel));
    strip = drawStrip(byId("strip"), byId("hour"), { data, state, histories: data.arms });
    legend();
  };
  state.on(["view"], redraw);
  state.on(["layer"], legend);
  state.on(["hour", "layer", "scope", "region"], () => maps.forEach((map) => map.update()));
  state.on(["hour", "scope"], () => strip());
  state.on(["hour", "scope", "region"], card);
  redraw();
  card();
  return redraw;
}

function drawFans(context) {
  const { state } = context;
  let heads = [];
  const redraw = () => {
    heads = [...document.querySelectorAll(".fan")].map((figure) =>
      drawPairFan(figure, figure.dataset.key, context));
  };
  state.on(["scope", "curves"], redraw);
  state.on(["hour"], () => heads.forEach((head) => head()));
  redraw();
  return redraw;
}

/** Medians of both histories and the difference with its interval, for every chart. */
function table(data) {
  const rows = [["quantity", "unit", "where", "time", "as_it_was", "changed", "difference",
    "low", "high"]];
  const round = (value) => (Number.isFinite(value) ? +value.toFixed(3) : "");
  for (const fan of data.arms[0].fans) {
    const twin = data.arms[1].fans.find((one) => one.key === fan.key);
    const gap = data.fanGaps.find((one) => one.key === fan.key);
    for (const scope of [null, ...data.regions.map((region) => region.id)]) {
      const [one, other, bounds] = [fan.quantiles(scope), twin.quantiles(scope), gap.values(scope)];
      if (!one || !other || !bounds) continue;
      for (let hour = 0; hour < data.hours; hour += 1) {
        const time = new Date(data.origin + hour * 3600e3).toISOString().slice(0, 16);
        rows.push([fan.key, fan.unit, scope ?? "national", time, round(one[2][hour]),
          round(other[2][hour]), ...bounds.map((row) => round(row[hour]))]);
      }
    }
  }
  return csv(rows, 4);
}

/** The hour with the largest difference on the street: the page opens there. */
function farthest(data) {
  const [mean] = data.layerGaps.find((gap) => gap.key === "active").values(null);
  return mean.reduce((best, v, hour) => (Math.abs(v) > Math.abs(mean[best]) ? hour : best), 0);
}

function start() {
  const data = readPair();
  const state = makeState({
    hour: farthest(data), layer: data.arms[0].layers[0]?.key, view: "both", region: null,
    hover: null, curves: false, presence: false, playing: false,
  });
  const context = { data, state };
  byId("explorer").hidden = false;
  bindTime(context);
  bindScope(context);
  onWidth([drawExplorer(context), drawFans(context)]);
  bindTheme();
  bindCopy();
  bindDownload(`${data.case}-pair`, () => table(data));
}

start();
