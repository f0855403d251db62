// Zooms the drawings over time: buttons, and dragging over the panels. Everything is
// readable without it.
"use strict";
for (const zoom of document.querySelectorAll(".zoom")) {
  const [from, to, left, right] = ["from", "to", "left", "right"].map((name) => Number(zoom.dataset[name]));
  const drawing = zoom.querySelector("svg");
  const panels = [...zoom.querySelectorAll("svg.panel")];
  const times = zoom.querySelector(".times");
  const labels = [...zoom.querySelectorAll("[data-t]")];
  let begin = from;
  let end = to;

  const pixel = (t) => left + ((t - begin) / (end - begin)) * (right - left);
  const step = () => {
    const raw = (end - begin) / 8;
    const power = 10 ** Math.floor(Math.log10(raw));
    return [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= raw * 0.99);
  };
  const text = (x, words) => {
    const made = document.createElementNS(drawing.namespaceURI, "text");
    for (const [name, value] of [["x", x], ["y", times.dataset.y], ["text-anchor", "middle"], ["class", "tick"]]) {
      made.setAttribute(name, value);
    }
    made.textContent = words;
    return made;
  };
  const show = (newBegin, newEnd) => {
    const least = (to - from) / 1000;
    const width = Math.min(to - from, Math.max(least, newEnd - newBegin));
    begin = Math.min(Math.max(from, newBegin), to - width);
    end = begin + width;
    const scale = (right - left) / (to - from);
    for (const panel of panels) {
      panel.setAttribute("viewBox", `${(begin - from) * scale} 0 ${width * scale} ${panel.getAttribute("height")}`);
    }
    for (const label of labels) {
      const t = Number(label.dataset.t);
      label.setAttribute("x", pixel(t));
      label.style.display = t < begin || t > end ? "none" : "";
    }
    const size = step();
    const ticks = [];
    for (let at = Math.ceil(begin / size); at * size <= end; at += 1) {
      ticks.push(text(pixel(at * size), Number((at * size).toPrecision(6))));
    }
    times.replaceChildren(...ticks);
  };
  const actions = {
    in: () => show(begin + (end - begin) / 4, end - (end - begin) / 4),
    out: () => show(begin - (end - begin) / 2, end + (end - begin) / 2),
    left: () => show(begin - (end - begin) / 2, end - (end - begin) / 2),
    right: () => show(begin + (end - begin) / 2, end + (end - begin) / 2),
    all: () => show(from, to),
  };
  for (const button of zoom.querySelectorAll("button")) {
    button.addEventListener("click", actions[button.dataset.do]);
  }
  zoom.querySelector(".buttons").hidden = false;

  const timeAt = (event) => {
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
    return begin + ((Math.min(right, Math.max(left, place.x)) - left) / (right - left)) * (end - begin);
  };
  let held = null;
  drawing.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse") held = timeAt(event);
  });
  window.addEventListener("pointerup", (event) => {
    if (held === null) return;
    const released = timeAt(event);
    if (Math.abs(released - held) > (end - begin) / 50) show(Math.min(held, released), Math.max(held, released));
    held = null;
  });
}
