/** The report page: reads its data and wires the parts together. */

import { readData } from "./data.js";
import { makeState } from "./state.js";
import { drawMap } from "./map.js";
import { drawLegend } from "./legend.js";
import { drawStrip } from "./strip.js";
import { drawFan } from "./fan.js";
import { drawCard } from "./card.js";
import { bindLayers, bindScope, bindTime } from "./controls.js";
import { bindCopy, bindDownload, bindParameters, bindTheme, quantileTable } from "./page.js";
import { onWidth } from "./width.js";

const byId = (id) => document.getElementById(id);

/** The hour with most people on the street: the page opens there. */
function busiest(data) {
  const layer = data.layers.find((entry) => entry.key === "active");
  if (!layer) return 0;
  return layer.national.reduce((best, value, hour, all) => (value > all[best] ? hour : best), 0);
}

function drawExplorer(context) {
  const { state, layer } = context;
  let map;
  let strip;
  const card = drawCard(byId("card"), context);
  const redraw = () => {
    map = drawMap(byId("map-figure"), context);
    strip = drawStrip(byId("strip"), byId("hour"), context);
    drawLegend(byId("legend"), layer(), map);
  };
  state.on(["layer"], () => drawLegend(byId("legend"), layer(), map));
  state.on(["hour", "layer", "scope", "region", "presence"], () => map.update());
  state.on(["hour", "scope"], () => strip());
  state.on(["hour", "scope", "region"], card);
  redraw();
  card();
  return redraw;
}

function drawFans(context) {
  const { data, state } = context;
  let heads = [];
  const redraw = () => {
    heads = data.fans.map((fan) =>
      drawFan(document.querySelector(`.fan[data-key="${fan.key}"]`), fan, context));
  };
  state.on(["scope", "curves"], redraw);
  state.on(["hour"], () => heads.forEach((head) => head()));
  redraw();
  return redraw;
}

function start() {
  const data = readData();
  const state = makeState({
    hour: busiest(data), layer: data.layers[0]?.key, region: null, hover: null,
    curves: true, presence: true, playing: false,
  });
  const context = { data, state };
  byId("explorer").hidden = false;
  context.layer = bindLayers(context);
  bindTime(context);
  bindScope(context);
  onWidth([drawExplorer(context), drawFans(context)]);
  bindTheme();
  bindParameters();
  bindCopy();
  bindDownload(data.case, () => quantileTable(data));
}

start();
