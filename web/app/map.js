/** One map: regions by class, crowds of the main cities as circles; its hour is set from outside. */

import { geoConicEqualArea, geoPath } from "d3-geo";
import { create } from "d3-selection";
import { placeLabels } from "../src/labels.js";
import { hideTip, showTip } from "../src/tip.js";
import { moment, number, quantity } from "../src/words.js";

function projectionFor(place, width, height) {
  const points = { type: "MultiPoint", coordinates: place.regions.map((r) => [r.lon, r.lat]) };
  const shape = place.boundaries.features.length ? place.boundaries : points;
  const lats = place.regions.map((region) => region.lat);
  const lons = place.regions.map((region) => region.lon);
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const sixth = (north - south) / 6 || 1;
  return geoConicEqualArea()
    .rotate([-(Math.min(...lons) + Math.max(...lons)) / 2, 0])
    .parallels([south + sixth, north - sixth])
    .fitExtent([[4, 8], [width - 4, height - 6]], shape);
}

function drawRegions(svg, place, projection) {
  const path = geoPath(projection);
  const shapes = svg.append("g").selectAll("path").data(place.boundaries.features).join("path")
    .attr("class", "region").attr("d", path).each(function remember(feature) {
      feature.region = place.region.get(feature.properties.id);
    });
  const bare = new Set(place.boundaries.features.map((f) => f.properties.id));
  const discs = svg.append("g").selectAll("circle")
    .data(place.regions.filter((r) => r.kind === "city" || !bare.has(r.id))
      .map((region) => ({ region })))
    .join("circle").attr("class", "region disc").attr("r", 6)
    .attr("transform", (d) => `translate(${projection([d.region.lon, d.region.lat])})`);
  const covered = new Set(discs.data().map((d) => d.region.id));
  shapes.classed("under", (d) => covered.has(d.region.id));
  const nodes = [...shapes.nodes(), ...discs.nodes()].map((node) => ({
    node, region: node.__data__.region, shown: "", under: node.classList.contains("under"),
  }));
  return { nodes, frames: shapes };
}

function choose(state, id) {
  state.set({ region: state.get("region") === id ? null : id });
}

function listen({ node, region }, state, lines) {
  const at = (x, y) => showTip(lines(region), x, y);
  node.setAttribute("tabindex", "0");
  node.setAttribute("role", "button");
  node.addEventListener("pointerenter", () => state.set({ hover: region.id }));
  node.addEventListener("pointermove", (event) => at(event.clientX, event.clientY));
  node.addEventListener("pointerleave", () => { hideTip(); state.set({ hover: null }); });
  node.addEventListener("focus", () => {
    const box = node.getBoundingClientRect();
    at(box.left + box.width / 2, box.top + box.height / 3);
    state.set({ hover: region.id });
  });
  node.addEventListener("blur", () => { hideTip(); state.set({ hover: null }); });
  node.addEventListener("click", () => choose(state, region.id));
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose(state, region.id);
  });
}

function drawCities(svg, arm, projection, width) {
  const cities = arm.cities.map((city) => {
    const [x, y] = projection([city.lon, city.lat]);
    return { ...city, x, y };
  });
  const crowds = svg.append("g").attr("class", "crowds").attr("aria-hidden", "true")
    .selectAll("circle").data(cities).join("circle")
    .attr("cx", (c) => c.x).attr("cy", (c) => c.y).attr("r", 0).nodes();
  svg.append("g").attr("class", "city-dots").selectAll("circle").data(cities).join("circle")
    .attr("r", 1.6).attr("cx", (c) => c.x).attr("cy", (c) => c.y);
  const labels = placeLabels(cities, width, width < 420 ? 5 : 10);
  svg.append("g").attr("class", "city-names").attr("aria-hidden", "true")
    .selectAll("text").data(labels).join("text")
    .attr("x", (l) => l.tx).attr("y", (l) => l.ty).attr("text-anchor", (l) => l.anchor)
    .text((l) => l.name);
  return { cities, crowds, radii: cities.map(() => 0) };
}

/** What one map shows: a history, or `other` less it; all numbers come from here. */
function viewOf(place, layer, arm, other) {
  const value = (region, hour) => {
    const own = layer.has(arm) ? layer.value(arm, region, hour) : NaN;
    return other ? layer.value(other, region, hour) - own : own;
  };
  const shown = (v) => {
    const sign = other && v > 0 ? "+" : "";
    return sign + (layer.per ? `${number(v)}${layer.suffix}` : quantity(v, layer.unit));
  };
  const crowd = (city, i, hour) => (other
    ? other.cities[i].active[hour] - city.active[hour] : city.active[hour]);
  return { value, shown, crowd, css: (v) => (other ? layer.gapStep(v) : layer.step(v)) };
}

/**
 * Draw a map of `arm` into `box`, or of `other` less `arm`. Returns `{update, svg}`; `most` is the
 * largest crowd of both histories, so that circles can be compared.
 */
export function drawMap(box, { place, layer, state, most, title }, arm, other = null) {
  const width = Math.max(260, box.clientWidth);
  const height = Math.round(width * 0.58);
  const svg = create("svg").attr("viewBox", `0 0 ${width} ${height}`).attr("role", "group")
    .attr("aria-label", `Map: ${title}`);
  const projection = projectionFor(place, width, height);
  const view = viewOf(place, layer, arm, other);
  const lines = (region) => {
    const hour = state.get("hour");
    const what = `${layer.label}: ${view.shown(view.value(region, hour))}`;
    return [region.name, what, other ? "as it was less changed" : "", moment(place, hour)];
  };
  const { nodes, frames } = drawRegions(svg, place, projection);
  for (const one of nodes) if (!one.under) listen(one, state, lines);
  const { cities, crowds, radii } = drawCities(svg, arm, projection, width);
  const outline = svg.append("g").attr("class", "outline").selectAll("path")
    .data(frames.data()).join("path").attr("d", geoPath(projection)).nodes();
  box.replaceChildren(svg.node());
  const radius = Math.min(40, width * 0.06);
  const paint = (hour) => {
    for (const one of nodes) {
      const css = view.css(view.value(one.region, hour));
      if (css !== one.shown) one.node.setAttribute("data-class", one.shown = css);
    }
    cities.forEach((city, i) => {
      const gap = view.crowd(city, i, hour);
      const r = Math.round(Math.sqrt(Math.abs(gap) / most) * radius * 10) / 10;
      if (r === radii[i]) return;
      radii[i] = r;
      crowds[i].setAttribute("r", r);
      crowds[i].setAttribute("class", other ? (gap < 0 ? "less" : "more") : "");
    });
  };
  const mark = () => {
    const [scope, region] = [state.get("scope"), state.get("region")];
    const hour = state.get("hour");
    outline.forEach((node) => {
      node.setAttribute("class", node.__data__.properties.id === scope ? "chosen" : "");
    });
    for (const one of nodes) {
      if (one.under) continue;
      one.node.classList.toggle("chosen", one.region.id === scope);
      one.node.setAttribute("aria-pressed", String(one.region.id === region));
      if (!state.get("playing")) {
        one.node.setAttribute("aria-label", lines(one.region).filter(Boolean).join(", "));
      }
    }
  };
  return { paint, mark, svg: svg.node(), radius };
}
