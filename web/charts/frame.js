/** Where a map looks: its middle meridian, and the regions that it is fitted to. */

const FAR = 4; // times the distance within which nine of ten people live

const away = (lon, middle) => ((lon - middle + 540) % 360) - 180;

/** The middle of the shortest arc that holds all longitudes, also across the antimeridian. */
export function middleOf(lons) {
  const sorted = [...lons].sort((a, b) => a - b);
  let [gap, west] = [sorted[0] + 360 - sorted.at(-1), sorted[0]];
  sorted.slice(1).forEach((lon, i) => {
    if (lon - sorted[i] > gap) [gap, west] = [lon - sorted[i], lon];
  });
  return away(west + (360 - gap) / 2, 0);
}

/** The value below which a share of the people live; rows are [value, people]. */
function quantile(rows, share) {
  const sorted = [...rows].sort((a, b) => a[0] - b[0]);
  let left = share * sorted.reduce((sum, [, people]) => sum + people, 0);
  return sorted.find(([, people]) => (left -= people) <= 0)?.[0] ?? sorted.at(-1)[0];
}

/** The regions that lie too far from where most people live to be in the frame. */
export function farRegions(regions) {
  const people = (region) => region.population ?? 1;
  const middle = middleOf(regions.map((region) => region.lon));
  const x = (region) => away(region.lon, middle);
  const [lon, lat] = [x, (region) => region.lat].map((of) => quantile(regions.map((r) => [of(r), people(r)]), 0.5));
  const squeeze = Math.cos((lat * Math.PI) / 180);
  const distance = (region) => Math.hypot((x(region) - lon) * squeeze, region.lat - lat);
  const most = FAR * quantile(regions.map((r) => [distance(r), people(r)]), 0.9);
  return most > 0 ? regions.filter((region) => distance(region) > most) : [];
}
