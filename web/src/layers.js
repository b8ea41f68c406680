/** How each quantity of the map is cut into classes: seven steps of one of two hues. */

const per10k = { per: 10000, suffix: " per 10,000 residents" };

const CLASSES = {
  active: { ...per10k, hue: "warm", cuts: [0.1, 1, 3, 10, 30, 100], label: "On the street" },
  violent: { ...per10k, hue: "warm", cuts: [0.1, 0.3, 1, 3, 10, 30], label: "Violent, looting" },
  connectivity: { hue: "cool", cuts: [0.05, 0.25, 0.5, 0.75, 0.9, 0.99], label: "Connectivity" },
  obeying: { hue: "cool", cuts: [0.5, 0.7, 0.8, 0.9, 0.95, 0.99], label: "Officers obeying" },
  grievance: { hue: "warm", cuts: null, label: "Grievance" },
};

/** Six round cuts between the least and the largest value of a layer. */
function evenCuts(layer) {
  let low = Infinity;
  let high = -Infinity;
  for (const row of layer.regional) {
    for (const value of row) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const width = (high - low) / 7 || 0.01;
  return [1, 2, 3, 4, 5, 6].map((i) => Math.round((low + i * width) * 100) / 100);
}

/** The quantities that can be put on the map, with their classes. */
export function mapLayers(data) {
  return data.layers
    .filter((layer) => layer.key in CLASSES)
    .map((layer) => {
      const classes = CLASSES[layer.key];
      const cuts = classes.cuts ?? evenCuts(layer);
      const value = (region, hour) => {
        const raw = layer.regional[region.index][hour];
        return classes.per ? (raw / region.population) * classes.per : raw;
      };
      const step = (v) => (Number.isFinite(v) ? cuts.filter((cut) => v >= cut).length : -1);
      return { ...layer, ...classes, cuts, value, step, unit: classes.per ? "rate" : layer.unit };
    });
}
