/** The field for the country: what is typed narrows the list, the arrows choose from it. */

import { byId, make } from "../charts/dom.js";

const MOST = 8;
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();

/** Names that begin with the words first, then those with them inside; a code alone is enough. */
export function matches(countries, typed) {
  const words = plain(typed);
  if (!words) return [];
  const rank = ({ name, iso3 }) => {
    const own = plain(name);
    if (iso3.toLowerCase() === words || own === words) return 0;
    if (own.startsWith(words)) return 1;
    return own.split(/[\s-]/).some((part) => part.startsWith(words)) ? 2 : own.includes(words) ? 3 : 9;
  };
  return countries.map((one) => [rank(one), one]).filter(([r]) => r < 9).sort(([a], [b]) => a - b).map(([, one]) => one);
}

/** Bind the field; returns what gives the country that is chosen, or null. */
export function bindCountries(countries) {
  const [box, list, told] = ["country", "country-list", "country-told"].map(byId);
  let shown = [];
  let at = -1;
  let country = null;
  const close = () => { list.hidden = true; box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); };
  const choose = (one) => { country = one; box.value = one.name; told.textContent = ""; close(); };
  const mark = () => [...list.children].forEach((node, i) => {
    node.setAttribute("aria-selected", String(i === at));
    if (i === at) box.setAttribute("aria-activedescendant", node.id);
  });
  const show = () => {
    const all = matches(countries, box.value);
    shown = all.slice(0, MOST);
    at = shown.length ? 0 : -1;
    country = all.find((one) => plain(one.name) === plain(box.value) || one.iso3.toLowerCase() === plain(box.value)) ?? null;
    list.replaceChildren(...shown.map((one, i) => make("li", { role: "option", id: `country-${i}`, "aria-selected": "false",
      onpointerdown: (event) => { event.preventDefault(); choose(one); } }, make("span", {}, one.name), make("code", {}, one.iso3))));
    list.hidden = !shown.length;
    box.setAttribute("aria-expanded", String(Boolean(shown.length)));
    told.textContent = !box.value.trim() ? "" : !all.length ? "No country is called so." : all.length > MOST ? `${all.length} countries; type on` : "";
    mark();
  };
  box.addEventListener("input", show);
  box.addEventListener("blur", () => {
    if (!country && shown.length === 1) choose(shown[0]);
    close();
  });
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && list.hidden) show();
    else if (step) at = (at + step + shown.length) % shown.length;
    else if (event.key === "Enter" && !list.hidden && at >= 0) choose(shown[at]);
    else if (event.key === "Escape" && !list.hidden) close();
    else return;
    event.preventDefault();
    if (!list.hidden) mark();
  });
  return () => country ?? matches(countries, box.value)[0] ?? null;
}
