/** The map: regions by class of a quantity, crowds of the main cities as circles; one clock moves it. */

import { geoConicEqualArea, geoPath } from "d3-geo";
import { farRegions, middleOf } from "./frame.js";
import { picture } from "./svg.js";
import { placeLabels } from "./labels.js";
import { hideTip, showTip } from "./tip.js";
import { dayOf, moment } from "./words.js";

const DIAMOND = "M0-4.5L4.5 0L0 4.5L-4.5 0Z";
const RATIO = 0.57;
const DASH = "M-4 0H4";

function projectionFor(place, width, height) {
  const far = new Set(farRegions(place.regions).map((region) => region.id));
  const regions = place.regions.filter((region) => !far.has(region.id));
  const features = place.boundaries.features.filter((feature) => !far.has(feature.properties.id));
  const points = { type: "MultiPoint", coordinates: regions.map((r) => [r.lon, r.lat]) };
  const shape = features.length ? { type: "FeatureCollection", features } : points;
  const lats = regions.map((region) => region.lat);
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const sixth = (north - south) / 6 || 1;
  // points need room for crowds and names, which shapes have inside
  const [x, y] = features.length ? [5, 8] : [width * 0.2, height * 0.22];
  return geoConicEqualArea()
    .rotate([-middleOf(regions.map((region) => region.lon)), 0])
    .parallels([south + sixth, north - sixth])
    .fitExtent([[x, y], [width - x, height - y]], shape);
}

const SIZES = 4;
const frames = new WeakMap();

/** The projection of a place and the outlines of its regions in it, worked out once for a size. */
function frameFor(place, width, height) {
  const sizes = frames.get(place) ?? new Map();
  const size = `${width} ${height}`;
  if (!sizes.has(size)) {
    if (sizes.size >= SIZES) sizes.clear();
    const projection = projectionFor(place, width, height);
    sizes.set(size, { projection, outlines: place.boundaries.features.map(geoPath(projection)) });
    frames.set(place, sizes);
  }
  return sizes.get(size);
}

/** Say which regions lie outside of the frame; the lists have them all. */
function nameFar(svg, place, height) {
  const far = farRegions(place.regions).map((region) => region.name);
  if (!far.length) return;
  svg.append("text").attr("class", "far").attr("x", 5).attr("y", height - 6).text(`Outside the frame: ${far.join(", ")}`);
}

/** Shapes of the regions, discs for cities and for regions without a shape; `under` lie below a disc. */
function drawRegions(svg, place, { projection, outlines }) {
  const shapes = svg.append("g").selectAll("path").data(place.boundaries.features).join("path")
    .attr("class", "region").attr("d", (_, i) => outlines[i]);
  const bare = new Set(place.boundaries.features.map((f) => f.properties.id));
  const discs = svg.append("g").selectAll("circle")
    .data(place.regions.filter((r) => r.kind === "city" || !bare.has(r.id)))
    .join("circle").attr("class", "region disc").attr("r", 6.5)
    .attr("transform", (region) => `translate(${projection([region.lon, region.lat])})`);
  const covered = new Set(discs.data().map((region) => region.id));
  const regions = shapes.data().map((feature) => place.region.get(feature.properties.id));
  shapes.classed("under", (_, i) => covered.has(regions[i].id));
  return [...shapes.nodes().map((node, i) => ({ node, region: regions[i], under: covered.has(regions[i].id) })),
    ...discs.nodes().map((node) => ({ node, region: node.__data__, under: false }))];
}

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** A map is one tab stop: the arrows lead from region to region. */
function rove(nodes) {
  nodes.forEach((node, i) => {
    node.setAttribute("tabindex", i ? "-1" : "0");
    node.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      nodes[(i + step + nodes.length) % nodes.length].focus();
    });
    node.addEventListener("focus", () => nodes.forEach((other) => other.setAttribute("tabindex", other === node ? "0" : "-1")));
  });
}

function listen({ node, region }, state, lines) {
  const choose = () => state.set({ region: state.get("region") === region.id ? null : region.id });
  const leave = () => { hideTip(); state.set({ hover: null }); };
  const on = (events) => Object.entries(events).forEach(([name, act]) => node.addEventListener(name, act));
  node.setAttribute("role", "button");
  on({
    pointerenter: () => state.set({ hover: region.id }),
    pointermove: (event) => showTip(lines(region), event.clientX, event.clientY),
    pointerleave: leave,
    blur: leave,
    click: choose,
    focus() {
      const box = node.getBoundingClientRect();
      showTip(lines(region), box.left + box.width / 2, box.top + box.height / 3);
      state.set({ hover: region.id });
    },
    keydown(event) {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose();
    },
  });
}

function drawCities(svg, data, projection, width) {
  const cities = data.map((city) => {
    const [x, y] = projection([city.lon, city.lat]);
    return { ...city, x, y };
  });
  const crowds = svg.append("g").attr("class", "crowds").attr("aria-hidden", "true")
    .selectAll("circle").data(cities).join("circle")
    .attr("cx", (c) => c.x).attr("cy", (c) => c.y).attr("r", 0).nodes();
  svg.append("g").attr("class", "city-dots").selectAll("circle").data(cities).join("circle")
    .attr("r", 1.6).attr("cx", (c) => c.x).attr("cy", (c) => c.y);
  svg.append("g").attr("class", "city-names").attr("aria-hidden", "true")
    .selectAll("text").data(placeLabels(cities.filter(({ x }) => x >= 0 && x <= width), width, Math.min(16, Math.floor(width / 60)))).join("text")
    .attr("x", (l) => l.tx).attr("y", (l) => l.ty).attr("text-anchor", (l) => l.anchor)
    .text((l) => l.name);
  return { cities, crowds, radii: cities.map(() => 0) };
}

function drawPresence(svg, place, projection) {
  return svg.append("g").attr("class", "presence").attr("aria-hidden", "true")
    .selectAll("path").data(place.presence ? place.regions : []).join("path").attr("transform", (r) => {
      const [x, y] = projection([r.lon, r.lat]);
      return `translate(${r.kind === "city" ? `${x + 9},${y - 9}` : `${x},${y}`})`;
    });
}

/** What a tooltip and a screen reader hear of a region. */
function wordsOf({ place, layer, state }, region) {
  const hour = state.get("hour");
  const report = place.presence?.[region.index]?.[dayOf(place, hour)];
  const observed = { 1: "Protest reported that day", 0: "Reported calm that day" }[report];
  return [region.name, `${layer().label}: ${layer().words(region, hour)}`, observed, moment(place, hour)].filter(Boolean);
}

/** Sizes of crowds, less or more where they are differences. */
function crowdPainter({ cities, crowds, radii }, most, radius) {
  return (hour) => cities.forEach((city, i) => {
    const size = city.active[hour];
    const r = Math.round(Math.sqrt(Math.abs(size) / most) * radius * 10) / 10;
    if (r === radii[i]) return;
    radii[i] = r;
    crowds[i].setAttribute("r", r);
    crowds[i].setAttribute("class", city.signed ? (size < 0 ? "less" : "more") : "");
  });
}

/**
 * Draw a map into `box` for `context` = {place, state, layer, cities, most, title}: `layer()` is the
 * quantity now, `most` the largest crowd of all histories; `words(region)`, where it is given, the lines
 * that are said of a region, `ratio` the height over the width, `width` that of the box where it was read
 * before. Returns `{follow, mark, svg, radius}`.
 */
export function drawMap(box, context) {
  const { place, state, layer, title } = context;
  const width = Math.max(260, context.width ?? box.clientWidth);
  const height = Math.round(width * (context.ratio ?? RATIO));
  const svg = picture(width, height, `Map: ${title}`)
    .attr("role", "group").attr("width", null).attr("height", null).classed("bare", !place.boundaries.features.length);
  const frame = frameFor(place, width, height);
  const { projection } = frame;
  const regions = drawRegions(svg, place, frame);
  const lines = (region) => context.words?.(region) ?? wordsOf(context, region);
  const open = regions.filter((one) => !one.under);
  open.forEach((one) => listen(one, state, lines));
  rove(open.map(({ node }) => node));
  const presence = drawPresence(svg, place, projection);
  nameFar(svg, place, height);
  const radius = Math.min(44, width * 0.057);
  const crowds = crowdPainter(drawCities(svg, context.cities, projection, width), context.most, radius);
  const outline = svg.append("g").attr("class", "outline").selectAll("path").data(place.boundaries.features)
    .join("path").attr("d", (_, i) => frame.outlines[i]);
  const follow = () => {
    const hour = state.get("hour");
    for (const one of regions) {
      const css = layer().css(one.region, hour);
      if (css !== one.css) one.node.setAttribute("data-class", one.css = css);
    }
    crowds(hour);
    const report = (r) => (state.get("presence") ? place.presence[r.index][dayOf(place, hour)] : -1);
    presence.attr("d", (r) => ({ 1: DIAMOND, 0: DASH }[report(r)] ?? null)).classed("calm", (r) => report(r) === 0);
    svg.attr("data-hour", hour);
    if (!state.get("playing")) open.forEach(({ node, region }) => node.setAttribute("aria-label", lines(region).join(", ")));
  };
  const mark = () => {
    const [scope, region] = [state.get("scope"), state.get("region")];
    outline.attr("class", (f) => (f.properties.id === scope ? "chosen" : null));
    for (const one of open) {
      one.node.classList.toggle("chosen", one.region.id === scope);
      one.node.setAttribute("aria-pressed", String(one.region.id === region));
    }
    if (!state.get("playing")) follow();
  };
  box.replaceChildren(svg.node());
  follow();
  mark();
  return { follow, mark, svg: svg.node(), radius };
}
