/** Places and histories opened for drawing: packed series are unpacked when first asked for. */

const LEVELS = 5;

/** Undo `packed` of the Python side: rows of zigzag differences, 0 is missing. */
export function unpack(text, rows, columns, step) {
  const bytes = atob(text);
  const out = [];
  let at = 0;
  for (let row = 0; row < rows; row += 1) {
    const values = new Float64Array(columns);
    let whole = 0;
    for (let column = 0; column < columns; column += 1) {
      let code = 0;
      let factor = 1;
      let byte = 0;
      do {
        byte = bytes.charCodeAt(at);
        at += 1;
        code += (byte & 127) * factor;
        factor *= 128;
      } while (byte >= 128);
      whole += code % 2 ? -(code + 1) / 2 : code / 2;
      values[column] = whole === 0 ? NaN : (whole - 1) * step;
    }
    out.push(values);
  }
  return out;
}

/** Remember what a function of one key returned. */
export function remember(work) {
  const values = new Map();
  return (key) => {
    if (!values.has(key)) values.set(key, work(key));
    return values.get(key);
  };
}

/** A place: its regions know their position and can be found by id; hours count from its origin. */
export function openPlace(doc) {
  doc.regions.forEach((region, index) => Object.assign(region, { index }));
  doc.region = new Map(doc.regions.map((region) => [region.id, region]));
  doc.origin = Date.parse(`${doc.start}:00Z`);
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
      return fan.regionalCurves ? unpack(fan.regionalCurves[at(scope)], fan.drawn, place.hours, fan.step) : [];
    }),
    observed: (scope) => (fan.observed[scope === null ? "national" : scope] ?? []).map(
      ([hour, hours, low, value, high, label, after]) => ({ hour, hours, low, value, high, label, after })),
  };
}

function openLayer(layer, place) {
  const open = remember(() => ({
    regional: unpack(layer.regional, place.regions.length, place.hours, layer.step),
    national: unpack(layer.national, 1, place.hours, layer.step)[0],
  }));
  return {
    ...layer,
    get regional() { return open("").regional; },
    get national() { return open("").national; },
    /** The row of a region, or of the country for null. */
    row: (scope) => (scope === null ? open("").national : open("").regional[place.region.get(scope).index]),
  };
}

/** One history of a place, with a `key` for its colour and a `name`. */
export function openHistory(doc, place, key = "base", name = "") {
  return {
    ...doc, key, name,
    layers: new Map(doc.layers.map((layer) => [layer.key, openLayer(layer, place)])),
    cities: doc.cities.map((city) => ({ ...city, active: unpack(city.active, 1, place.hours, 1)[0] })),
    fans: doc.fans.map((fan) => openFan(fan, place)),
  };
}

/** A difference: `values(scope)` are [mean, low, high] by hour, null where there is none. */
export function openGap(gap, place) {
  const rows = (part, count) => unpack(part.values, count, place.hours, gap.step)
    .map((row) => row.map((value) => value + part.floor));
  const regional = remember(() => rows(gap.regional, 3 * place.regions.length));
  const national = remember(() => rows(gap.national, 3));
  const values = (scope) => {
    if (scope === null) return national("all");
    if (!gap.regional) return null;
    return [0, 1, 2].map((bound) => regional("all")[bound * place.regions.length + place.region.get(scope).index]);
  };
  return { key: gap.key, values };
}
