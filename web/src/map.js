/** The map: regions by class of the chosen quantity, crowds of the main cities as circles. */

import { geoConicEqualArea, geoPath } from "d3-geo";
import { create, select } from "d3-selection";
import { max } from "d3-array";
import { placeLabels } from "./labels.js";
import { dayOf, moment, number, quantity } from "./words.js";
import { hideTip, showTip } from "./tip.js";

function projectionFor(data, width, height) {
  const points = { type: "MultiPoint", coordinates: data.regions.map((r) => [r.lon, r.lat]) };
  const shape = data.boundaries.features.length ? data.boundaries : points;
  const lats = data.regions.map((region) => region.lat);
  const lons = data.regions.map((region) => region.lon);
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const sixth = (north - south) / 6 || 1;
  return geoConicEqualArea()
    .rotate([-(Math.min(...lons) + Math.max(...lons)) / 2, 0])
    .parallels([south + sixth, north - sixth])
    .fitExtent([[6, 10], [width - 6, height - 8]], shape);
}

/** What a tooltip says of a region at an hour. */
function words(data, layer, region, hour) {
  const value = layer.value(region, hour);
  const plain = layer.per ? `${number(value)}${layer.suffix}` : quantity(value, layer.unit);
  const shown = layer.words?.(region, hour) ?? plain;
  const report = data.presence[region.index][dayOf(data, hour)];
  const seen = { 1: "Protest reported that day", 0: "Reported calm that day" }[report];
  return [region.name, `${layer.label}: ${shown}`, seen, moment(data, hour)];
}

function drawRegions(svg, data, projection) {
  const path = geoPath(projection);
  const shapes = svg.append("g").selectAll("path").data(data.boundaries.features).join("path")
    .attr("class", "region").attr("d", path).each(function remember(feature) {
      feature.region = data.region.get(feature.properties.id);
    });
  const bare = new Set(data.boundaries.features.map((f) => f.properties.id));
  const discs = svg.append("g").selectAll("circle")
    .data(data.regions.filter((r) => r.kind === "city" || !bare.has(r.id))
      .map((region) => ({ region })))
    .join("circle").attr("class", "region disc").attr("r", 7)
    .attr("transform", (d) => `translate(${projection([d.region.lon, d.region.lat])})`);
  const covered = new Set(discs.data().map((d) => d.region.id));
  shapes.classed("under", (d) => covered.has(d.region.id));
  return [shapes.filter((d) => !covered.has(d.region.id)), discs, shapes];
}

function makeFocusable(groups, context) {
  const { data, state, layer } = context;
  const lines = (d) => words(data, layer(), d.region, state.get("hour"));
  for (const group of groups) {
    group.attr("tabindex", 0).attr("role", "button")
      .on("pointerenter", (event, d) => state.set({ hover: d.region.id }))
      .on("pointermove", (event, d) => showTip(lines(d), event.clientX, event.clientY))
      .on("pointerleave", () => { hideTip(); state.set({ hover: null }); })
      .on("focus", (event, d) => {
        const box = event.currentTarget.getBoundingClientRect();
        showTip(lines(d), box.left + box.width / 2, box.top + box.height / 3);
        state.set({ hover: d.region.id });
      })
      .on("blur", () => { hideTip(); state.set({ hover: null }); })
      .on("click", (event, d) => toggle(state, d.region.id))
      .on("keydown", (event, d) => {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          toggle(state, d.region.id);
        }
      });
  }
}

function toggle(state, id) {
  state.set({ region: state.get("region") === id ? null : id });
}

function drawPresence(svg, data, projection) {
  return svg.append("g").attr("class", "presence").attr("aria-hidden", "true")
    .selectAll("path").data(data.regions).join("path")
    .attr("transform", (r) => {
      const [x, y] = projection([r.lon, r.lat]);
      return `translate(${r.kind === "city" ? `${x + 9},${y - 9}` : `${x},${y}`})`;
    });
}

function drawCities(svg, data, projection, width) {
  const cities = data.cities.map((city) => {
    const [x, y] = projection([city.lon, city.lat]);
    return { ...city, x, y };
  });
  const crowds = svg.append("g").attr("class", "crowds").attr("aria-hidden", "true")
    .selectAll("circle").data(cities).join("circle")
    .attr("cx", (c) => c.x).attr("cy", (c) => c.y);
  svg.append("g").attr("class", "city-dots").selectAll("circle").data(cities).join("circle")
    .attr("r", 1.6).attr("cx", (c) => c.x).attr("cy", (c) => c.y);
  const labels = placeLabels(cities, width, width < 520 ? 7 : 16);
  svg.append("g").attr("class", "city-names").attr("aria-hidden", "true")
    .selectAll("text").data(labels).join("text")
    .attr("x", (l) => l.tx).attr("y", (l) => l.ty).attr("text-anchor", (l) => l.anchor)
    .text((l) => l.name);
  return crowds;
}

/** Bring classes, names and outline of the regions to the state. */
function painter({ data, state, layer }, { shapes, discs, all, frames }) {
  return () => {
    const [hour, shown] = [state.get("hour"), layer()];
    const css = (d) => {
      const step = shown.step(shown.value(d.region, hour), d.region, hour);
      return step < 0 ? "none" : `${shown.hue}${step}`;
    };
    for (const group of [all, discs]) group.attr("data-class", css);
    for (const group of [shapes, discs]) {
      group.classed("chosen", (d) => d.region.id === state.get("scope"))
        .attr("aria-pressed", (d) => d.region.id === state.get("region"))
        .attr("aria-label", (d) => words(data, shown, d.region, hour).filter(Boolean).join(", "));
    }
    frames.attr("class", (f) => (f.properties.id === state.get("scope") ? "chosen" : null));
  };
}

const DIAMOND = "M0-4.5L4.5 0L0 4.5L-4.5 0Z";
const DASH = "M-4 0H4";

/** Draw the map into `box`; returns the function that brings it to the state's hour. */
export function drawMap(box, context) {
  const { data, state } = context;
  const width = Math.max(280, box.clientWidth);
  const height = Math.round(width * 0.56);
  const svg = create("svg").attr("viewBox", `0 0 ${width} ${height}`)
    .attr("role", "group").attr("aria-label", `Map of the regions of ${data.country}`);
  const projection = projectionFor(data, width, height);
  const [shapes, discs, all] = drawRegions(svg, data, projection);
  const presence = drawPresence(svg, data, projection);
  const crowds = drawCities(svg, data, projection, width);
  const outline = svg.append("g").attr("class", "outline");
  const frames = outline.selectAll("path").data(data.boundaries.features).join("path")
    .attr("d", geoPath(projection));
  makeFocusable([shapes, discs], context);
  box.replaceChildren(svg.node());
  const most = context.most ?? (max(data.cities, (city) => max(city.active)) || 1);
  const radius = Math.min(44, width * 0.055);
  const paint = painter(context, { shapes, discs, all, frames });
  const update = () => {
    const hour = state.get("hour");
    const day = dayOf(data, hour);
    paint();
    crowds.attr("r", (c) => Math.sqrt(c.active[hour] / most) * radius);
    const on = state.get("presence");
    presence.attr("d", (r) => {
      const seen = on ? data.presence[r.index][day] : -1;
      return seen === 1 ? DIAMOND : seen === 0 ? DASH : null;
    }).classed("calm", (r) => data.presence[r.index][day] === 0);
    select(svg.node()).attr("data-hour", hour);
  };
  update();
  return { update, most, radius };
}
