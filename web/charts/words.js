/** Numbers and moments as text: fixed English, local time of the run, no time zones. */

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August",
  "September", "October", "November", "December"];
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const formats = Array.from({ length: 7 }, (_, digits) => new Intl.NumberFormat("en-US",
  { maximumSignificantDigits: Math.max(1, digits) }));

/** Below it a number is written with a power of ten. */
const TINY = 1e-6;

function withPower(value, digits) {
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const raised = [...exponent.replace("+", "")].map((one) => (one === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[one])).join("");
  return `${Number(mantissa)} × 10${raised}`;
}

/** A number of so many significant digits; – when there is none. */
export function number(value, digits = 3) {
  if (!Number.isFinite(value)) return "–";
  return value !== 0 && Math.abs(value) < TINY ? withPower(value, digits) : formats[digits].format(value);
}

/** Units of which nobody counts parts. */
const WHOLE = new Set(["persons", "persons per hour", "units", "people", "towns", "regions", "places", "person-hours"]);

/** A number in its unit: shares as per cent, people whole. */
export function quantity(value, unit, digits = 3) {
  if (!Number.isFinite(value)) return "–";
  if (WHOLE.has(unit)) return number(Math.sign(value) * Math.round(Math.abs(value)) + 0, digits);
  return unit === "share" ? `${number(100 * value, digits)} %` : number(value, digits);
}

/** A difference with its sign; of shares in percentage points; one below ten keeps its parts. */
export function signed(value, unit, digits = 3) {
  if (!Number.isFinite(value)) return "–";
  const parts = WHOLE.has(unit) && Math.abs(value) < 10;
  const size = quantity(Math.abs(value), parts ? "" : unit, parts ? Math.min(digits, 2) : digits).replace("%", "pp");
  if (!/[1-9]/.test(size)) return "±0";
  return `${value > 0 ? "+" : "−"}${size}`;
}

function at(data, hour) {
  return new Date(data.origin + hour * 3600e3);
}

const two = (n) => String(n).padStart(2, "0");

/** `Wed 5 January 2022, 14:00–15:00`: hour h covers [start + h, start + h + 1). */
export function clock(data, hour) {
  const from = at(data, hour);
  const to = at(data, hour + 1);
  const date = `${DAYS[from.getUTCDay()]} ${from.getUTCDate()} ${MONTHS[from.getUTCMonth()]}`;
  return `${date} ${from.getUTCFullYear()}, ${two(from.getUTCHours())}:00–${two(to.getUTCHours())}:00`;
}

/** `Wed 5 Jan, 14:30`. */
export function moment(data, hour) {
  const when = at(data, hour);
  const date = `${DAYS[when.getUTCDay()]} ${when.getUTCDate()} ${MONTHS[when.getUTCMonth()].slice(0, 3)}`;
  return `${date}, ${two(when.getUTCHours())}:${two(when.getUTCMinutes())}`;
}

/** Midnights of the run: hour, number of the day, weekday, month. */
export function midnights(data) {
  const first = (24 - at(data, 0).getUTCHours()) % 24;
  const out = [];
  for (let hour = first; hour < data.hours; hour += 24) {
    const when = at(data, hour);
    const month = MONTHS[when.getUTCMonth()].slice(0, 3);
    out.push({ hour, day: when.getUTCDate(), weekday: DAYS[when.getUTCDay()], month });
  }
  return out;
}

/** Calendar day of an hour, counted from the day of the start. */
export function dayOf(data, hour) {
  return Math.floor((at(data, 0).getUTCHours() + hour) / 24);
}

/** Stretches of night, 20:00 to 07:00, as [from, to] hours inside the run. */
export function nights(data) {
  const start = at(data, 0).getUTCHours();
  const out = [];
  for (let evening = -4 - start; evening < data.hours; evening += 24) {
    const from = Math.max(0, evening);
    const to = Math.min(data.hours - 1, evening + 11);
    if (to > from) out.push([from, to]);
  }
  return out;
}
