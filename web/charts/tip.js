/** One tooltip for the page: text only, kept inside the window. */

function boxOf(document) {
  let box = document.getElementById("tip");
  if (!box) {
    box = Object.assign(document.createElement("div"), { id: "tip", className: "tip", hidden: true });
    box.setAttribute("role", "tooltip");
    document.body.append(box);
  }
  return box;
}

/** Show lines at a point; the first is set bold. */
export function showTip(lines, x, y) {
  const box = boxOf(document);
  box.replaceChildren(...lines.filter(Boolean).map((text, i) => {
    const line = document.createElement(i ? "span" : "b");
    line.textContent = text;
    return line;
  }));
  box.hidden = false;
  const { width, height } = box.getBoundingClientRect();
  const left = Math.min(Math.max(8, x - width / 2), window.innerWidth - width - 8);
  const above = y - height - 14;
  box.style.left = `${left}px`;
  box.style.top = `${above > 8 ? above : y + 18}px`;
}

export function hideTip() {
  boxOf(document).hidden = true;
}

/** Show `lines()` while the pointer or the focus is on a d3 selection. */
export function tipOn(selection, lines) {
  selection
    .on("pointerenter.tip pointermove.tip", (event, d) => showTip(lines(d), event.clientX, event.clientY))
    .on("pointerleave.tip blur.tip", hideTip)
    .on("focus.tip", (event, d) => {
      const { left, width, top } = event.currentTarget.getBoundingClientRect();
      showTip(lines(d), left + width / 2, top);
    });
}
