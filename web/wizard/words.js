/** What the tables of a case and the kinds of its figures are called on the page. */

import { quantity } from "../charts/words.js";

export const STATUS = {
  m: ["measured", "somebody counted it, here"],
  d: ["derived", "worked out from what was counted here"],
  t: ["transferred", "the country's figure, or another's"],
  a: ["assumed", "nobody measured it"],
};

/** The sign of each basis but `assumed`. */
export const LETTERS = { measured: "m", derived: "d", "filled-ipf": "d", copied: "t", "filled-national": "t" };

export const BASES = {
  measured: "Measured here", derived: "Derived from what was measured here",
  copied: "Transferred from elsewhere", assumed: "Still assumed",
};

const COLUMNS = {
  population: "People", urban_share: "Urban share", share_age_0_15: "Under 16", share_age_16_45: "16 to 45",
  share_age_46_retirement: "46 to pension", share_age_older: "Older", wage: "Wage a month", unemployment_pct: "Unemployed, %",
  gini: "Gini", online_share: "Online share", share: "Share", officers: "Officers", price: "Price", name: "Name", region: "Region",
  group: "Group", good: "Good", kind: "Kind", type: "Service", date: "Day", measure: "What", value: "Value", from: "From", cause: "Cause",
  size: "Size", low: "At least", high: "At most", rent: "Rents", challenger_rent: "Rents under a challenger", unit: "Unit",
};

export const columnName = (column) => COLUMNS[column] ?? `${column[0].toUpperCase()}${column.slice(1).replaceAll("_", " ")}`;

/** Each table: its title, and the columns that the page shows. */
export const TABLES = {
  regions: ["Regions", ["name", "population", "urban_share", "share_age_0_15", "share_age_16_45", "share_age_46_retirement",
    "share_age_older", "wage", "unemployment_pct", "gini", "online_share"]],
  group_shares: ["Groups", ["region", "group", "share"]],
  exposure: ["Who pays", ["region", "good", "share"]],
  places: ["Places", ["name", "region", "kind", "population"]],
  forces: ["Forces", ["name", "region", "officers"]],
  prices: ["Prices", ["from", "region", "good", "price", "cause"]],
  observations: ["Observed", ["date", "region", "measure", "value", "low", "high", "unit"]],
};

/** Columns that are only right together: they add up to one. */
export const AGES = ["share_age_0_15", "share_age_16_45", "share_age_46_retirement", "share_age_older"];

export const SIZES = {
  price: "Rise of the price", legitimacy: "Loss of legitimacy (0 to 1)", harm: "Outrage (0 to 1)",
  call: "Reach of the call (0 to 1)",
};

/** The size of a trigger as people say it: a rise of a price in per cent. */
export const sizeWords = (kind, size) => quantity(size, kind === "price" ? "share" : "1");

/** Sources of files: name, options they take, and what in a file's name gives them away. */
export const SOURCES = [
  ["boundaries", "Boundaries: GeoJSON, TopoJSON, GeoPackage, shapefile", ["key"], /\.(geojson|topojson|gpkg|shp|shx|dbf|prj)$/i],
  ["population", "People by region: a census table, COD-PS", ["columns", "encoding"], /pop|census|people/i],
  ["prices", "Prices: WFP food prices, World Bank", ["good", "dates", "encoding"], /wfp|price|food/i],
  ["regions", "Columns of regions: wages, unemployment, online", [], /regions?\.|wage|unemploy/i],
  ["acled", "Events: ACLED", ["dates", "encoding"], /acled/i],
  ["ucdp", "Events: UCDP GED", ["dates", "encoding"], /ged|ucdp/i],
  ["mm", "Events: Mass Mobilization", ["dates", "encoding"], /mass|^mm/i],
  ["gdelt", "Events: GDELT", ["encoding"], /gdelt|\.export\./i],
  ["outages", "Outages of the internet: IODA, OONI", ["dates", "encoding"], /outage|ioda|ooni/i],
];

/** A figure as people read it: whole numbers in threes, others as they were written. */
export const figure = (text) => (/^\d{4,}(\.\d+)?$/.test(text) ? Number(text).toLocaleString("en-US", { maximumFractionDigits: 6 }) : text);
