/** The page's data: parsed once, packed series unpacked when first asked for. */

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

const LEVELS = 5;

/** Remember what a function of one key returned. */
export function remember(make) {
  const kept = new Map();
  return (key) => {
    if (!kept.has(key)) kept.set(key, make(key));
    return kept.get(key);
  };
}

function openFan(fan, data) {
  const index = new Map(data.regions.map((region, i) => [region.id, i]));
  const quantiles = remember((scope) => {
    if (scope === null) return unpack(fan.national, LEVELS, data.hours, fan.step);
    if (!fan.regional) return null;
    return unpack(fan.regional[index.get(scope)], LEVELS, data.hours, fan.step);
  });
  const curves = remember((scope) => {
    if (scope === null) return unpack(fan.curves, fan.drawn, data.hours, fan.step);
    if (!fan.regionalCurves) return [];
    return unpack(fan.regionalCurves[index.get(scope)], fan.drawn, data.hours, fan.step);
  });
  const observed = (scope) =>
    (fan.observed[scope === null ? "national" : scope] ?? []).map(
      ([hour, hours, low, value, high, label, after]) => ({
        hour, hours, low, value, high, label, after,
      }),
    );
  return { ...fan, quantiles, curves, observed };
}

function openLayer(layer, data) {
  return {
    ...layer,
    regional: unpack(layer.regional, data.regions.length, data.hours, layer.step),
    national: unpack(layer.national, 1, data.hours, layer.step)[0],
  };
}

/** Parse the data block of the page; regions know their position and can be found by id. */
export function parseData() {
  const data = JSON.parse(document.getElementById("data").textContent);
  data.regions.forEach((region, i) => Object.assign(region, { index: i }));
  data.region = new Map(data.regions.map((region) => [region.id, region]));
  data.origin = Date.parse(`${data.start}:00Z`);
  return data;
}

/** Open the packed series of one history. */
export function openHistory(data) {
  data.fans = data.fans.map((fan) => openFan(fan, data));
  data.layers = data.layers.map((layer) => openLayer(layer, data));
  data.cities.forEach((city) => {
    city.active = unpack(city.active, 1, data.hours, 1)[0];
  });
  return data;
}

/** Read the data block of the page of one history. */
export function readData() {
  return openHistory(parseData());
}
