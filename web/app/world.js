/** Case and histories opened for drawing: packed series are unpacked when first asked for. */

import { unpack } from "../src/data.js";

const LEVELS = 5;

function remember(work) {
  const kept = new Map();
  return (key) => {
    if (!kept.has(key)) kept.set(key, work(key));
    return kept.get(key);
  };
}

/** A case from the server, with regions by id and the origin of its clock. */
export function openCase(doc) {
  doc.regions.forEach((region, index) => Object.assign(region, { index }));
  doc.region = new Map(doc.regions.map((region) => [region.id, region]));
  doc.origin = Date.parse(`${doc.start}:00Z`);
  doc.parameter = new Map(doc.parameters.map((one) => [one.path, one]));
  doc.lever = new Map(doc.levers.map((one) => [one.path, one]));
  return doc;
}

function openFan(fan, place) {
  const at = (scope) => place.region.get(scope).index;
  return {
    ...fan,
    quantiles: remember((scope) => {
      if (scope === null) return unpack(fan.national, LEVELS, place.hours, fan.step);
      return fan.regional ? unpack(fan.regional[at(scope)], LEVELS, place.hours, fan.step) : null;
    }),
    curves: remember((scope) => {
      if (scope === null) return unpack(fan.curves, fan.drawn, place.hours, fan.step);
      if (!fan.regionalCurves) return [];
      return unpack(fan.regionalCurves[at(scope)], fan.drawn, place.hours, fan.step);
    }),
    points: (scope) => (fan.observed[scope === null ? "national" : scope] ?? []).map(
      ([hour, hours, low, value, high, label, after]) =>
        ({ hour, hours, low, value, high, label, after })),
  };
}

/** A history from the server; null stays null. */
export function openArm(doc, place) {
  if (!doc) return null;
  const layers = new Map(doc.layers.map((layer) => {
    const open = remember(() => ({
      regional: unpack(layer.regional, place.regions.length, doc.hours, layer.step),
      national: unpack(layer.national, 1, doc.hours, layer.step)[0],
    }));
    return [layer.key, {
      ...layer,
      get regional() { return open("").regional; },
      get national() { return open("").national; },
    }];
  }));
  const cities = doc.cities.map((city) => ({
    ...city, active: unpack(city.active, 1, doc.hours, 1)[0],
  }));
  return { ...doc, layers, cities, fans: doc.fans.map((fan) => openFan(fan, place)) };
}
