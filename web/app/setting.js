/** What is being looked at, as a link: the setting (what is run) and the view (how it is seen). */

export const SOURCES = ["default", "prior", "posterior", "population"];
const VIEW = { page: "compare", hour: null, layer: "active", region: null, diff: false };

export function emptySetting(name) {
  return { case: name, counterfactuals: [], set: {}, seeds: 20, first: 1, scale: 1,
    parameters: null, link: null };
}

function written(value) {
  return typeof value === "string" ? `'${value}` : JSON.stringify(value);
}

function read(text) {
  if (text.startsWith("'")) return text.slice(1);
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" ? undefined : value;
  } catch {
    return undefined;
  }
}

/** The fragment of the address that restores this setting and view. */
export function toFragment(setting, view) {
  const out = new URLSearchParams();
  out.set("case", setting.case);
  for (const name of setting.counterfactuals) out.append("with", name);
  for (const path of Object.keys(setting.set).sort()) {
    out.append("set", `${path}=${written(setting.set[path])}`);
  }
  out.set("seeds", setting.seeds);
  if (setting.first !== 1) out.set("first", setting.first);
  out.set("scale", setting.scale);
  if (setting.parameters) out.set("parameters", setting.parameters);
  if (setting.link) out.set("link", setting.link);
  if (view.hour !== null) out.set("hour", view.hour);
  if (view.layer !== VIEW.layer) out.set("layer", view.layer);
  if (view.region) out.set("region", view.region);
  if (view.diff) out.set("diff", "1");
  return `#/${view.page}?${out}`;
}

const whole = (text, low, high, other) => {
  const value = Number(text);
  return text !== null && Number.isInteger(value) && value >= low && value <= high ? value : other;
};

/** What a fragment asks for: `{setting, view}`; the setting is null when it names no case. */
export function fromFragment(fragment) {
  const [head, query = ""] = fragment.replace(/^#\/?/, "").split("?");
  const found = new URLSearchParams(query);
  const view = { ...VIEW, page: /^[a-z]+$/.test(head) ? head : VIEW.page };
  view.hour = whole(found.get("hour"), 0, 1e6, null);
  view.layer = found.get("layer") ?? VIEW.layer;
  view.region = found.get("region");
  view.diff = found.get("diff") === "1";
  const name = found.get("case");
  if (!name) return { setting: null, view };
  const setting = emptySetting(name);
  setting.counterfactuals = found.getAll("with");
  for (const text of found.getAll("set")) {
    const at = text.indexOf("=");
    const value = read(text.slice(at + 1));
    if (at > 0 && value !== undefined) setting.set[text.slice(0, at)] = value;
  }
  setting.seeds = whole(found.get("seeds"), 1, 1e4, setting.seeds);
  setting.first = whole(found.get("first"), 0, 2 ** 52, setting.first);
  const scale = Number(found.get("scale"));
  if (scale > 0) setting.scale = scale;
  if (SOURCES.includes(found.get("parameters"))) setting.parameters = found.get("parameters");
  setting.link = found.get("link");
  return { setting, view };
}
