/** What the reader has chosen; parts of the page listen to the keys they draw. */

export function makeState(initial) {
  const values = { ...initial };
  const listeners = [];
  const scope = () => values.hover ?? values.region;
  return {
    get: (key) => (key === "scope" ? scope() : values[key]),
    /** Call `draw` when one of `keys` changes. */
    on(keys, draw) {
      listeners.push({ keys, draw });
    },
    set(changes) {
      const before = scope();
      const changed = Object.keys(changes).filter((key) => values[key] !== changes[key]);
      Object.assign(values, changes);
      if (scope() !== before) changed.push("scope");
      if (!changed.length) return;
      for (const { keys, draw } of listeners) {
        if (keys.some((key) => changed.includes(key))) draw();
      }
    },
  };
}
