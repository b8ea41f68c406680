/** While the pointer or the focus is on a claim: all it rests on, and all that rests on it. */

/** Names reached from `start` along `next`, itself included. */
export function reached(start, next) {
  const names = new Set([start]);
  const open = [start];
  while (open.length) {
    for (const name of next.get(open.pop()) ?? []) {
      if (!names.has(name)) {
        names.add(name);
        open.push(name);
      }
    }
  }
  return names;
}

/** What rests on each claim, from what each claim rests on. */
export function reversed(grounds) {
  const carries = new Map();
  for (const [name, below] of grounds) {
    for (const one of below) carries.set(one, [...(carries.get(one) ?? []), name]);
  }
  return carries;
}

export function bindChains() {
  const argument = document.getElementById("argument");
  const nodes = [...argument.querySelectorAll("a.node")];
  const grounds = new Map(nodes.map(({ dataset }) => [dataset.claim, dataset.grounds.split(" ").filter(Boolean)]));
  const carries = reversed(grounds);
  const show = (name) => {
    const chain = new Set([...reached(name, grounds), ...reached(name, carries)]);
    argument.classList.toggle("tracing", chain.size > 1);
    for (const node of nodes) node.classList.toggle("on", chain.has(node.dataset.claim));
  };
  const hide = () => argument.classList.remove("tracing");
  for (const node of nodes) {
    for (const event of ["pointerenter", "focus"]) {
      node.addEventListener(event, () => show(node.dataset.claim));
    }
    for (const event of ["pointerleave", "blur"]) node.addEventListener(event, hide);
  }
}
