/** Names of cities beside their dots, the larger first, none over another. */

const SIDES = [
  ["start", 6, 4], ["end", -6, 4], ["middle", 0, -7], ["middle", 0, 15],
];
const LETTER = 6.3;
const LINE = 13;

function boxOf(city, [anchor, dx, dy], length) {
  const wide = length * LETTER;
  const left = { start: 0, middle: -wide / 2, end: -wide }[anchor];
  return [city.x + dx + left, city.y + dy - LINE + 3, wide, LINE];
}

function meet(a, b) {
  return a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3];
}

/** Return up to `most` names with their place; a name that fits nowhere is left out. */
export function placeLabels(cities, width, most) {
  const taken = cities.map((city) => [city.x - 3, city.y - 3, 6, 6]);
  const out = [];
  for (const city of cities) {
    if (out.length === most) break;
    const side = SIDES.find((candidate) => {
      const box = boxOf(city, candidate, city.name.length);
      const inside = box[0] > 2 && box[0] + box[2] < width - 2 && box[1] > 0;
      return inside && !taken.some((other) => meet(box, other));
    });
    if (!side) continue;
    taken.push(boxOf(city, side, city.name.length));
    out.push({ name: city.name, anchor: side[0], tx: city.x + side[1], ty: city.y + side[2] });
  }
  return out;
}
