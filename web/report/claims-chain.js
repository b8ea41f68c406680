/** While the pointer or the focus is on a claim: all it rests on, and all that rests on it. */

/** Names reached from `start` along `next`, itself included. */
export function reached(start, next) {
  const found = new Set([start]);
  const open = [start];
  while (open.length) {
    for (const name of next.get(open.pop()) ?? []) {
      if (!found.has(name)) {
        found.add(name);
        open.push(name);
      }
    }
  }
  return found;
}

function listed(ties, from, to) {
  const next = new Map();
  for (const { dataset } of ties) {
    next.set(dataset[from], [...(next.get(dataset[from]) ?? []), dataset[to]]);
  }
  return next;
}

function bindMap(map) {
  const ties = [...map.querySelectorAll("g.tie")];
  const nodes = [...map.querySelectorAll("a.node")];
  const up = listed(ties, "from", "to");
  const down = listed(ties, "to", "from");
  const show = (name) => {
    const [above, below] = [reached(name, up), reached(name, down)];
    map.classList.toggle("tracing", above.size + below.size > 2);
    for (const node of nodes) {
      node.classList.toggle("on", above.has(node.dataset.claim) || below.has(node.dataset.claim));
    }
    for (const { classList, dataset } of ties) {
      classList.toggle("on", [above, below].some((set) => set.has(dataset.from) && set.has(dataset.to)));
    }
  };
  const hide = () => map.classList.remove("tracing");
  for (const node of nodes) {
    for (const event of ["pointerenter", "focus"]) {
      node.addEventListener(event, () => show(node.dataset.claim));
    }
    for (const event of ["pointerleave", "blur"]) node.addEventListener(event, hide);
  }
}

export function bindChains() {
  for (const map of document.querySelectorAll("svg.argument-map")) bindMap(map);
}
