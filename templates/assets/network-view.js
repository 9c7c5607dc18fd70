/* Where the units of a network lie on its map, and the part of the map that is in view.

   sitegen.mapLayout(units) gives {nodes, blocks, answer, width, height} in the map's own measure. A column a layer, the
   answer at the right end; above what reads the title, below what reads the abstract, each forward above backward. The
   units of a block lie in their order as an ox ploughs, column by column, so that neighbours in the order touch.

   sitegen.mapView(region, svg, layout, changed) moves and scales it: drag, two fingers, Ctrl and the wheel. Where in
   the window a click, a tap or a pointer is, it leaves to its listeners, {point, pick}; `changed` is called, at most
   once a frame, when another part is in view. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const WIDTH = 1200;
  const HEIGHT = 620;
  const ANSWER = { x: 1130, y: HEIGHT / 2, r: 30 };
  const RIGHT = 1030; // where the columns end
  const HEAD = 24; // above a block, for its name
  const CLOSEST = 14; // times the whole map
  const DRAG = 4; // pixels: less is a click

  sitegen.mapLayout = (units) => {
    const directions = 1 + Math.max(...units.blocks.map((block) => block.direction || 0));
    const column = RIGHT / units.layers;
    const width = Math.min(330, column * 0.62);
    const height = (HEIGHT / 2 - 30) / directions - HEAD - 6;
    const most = Math.max(...units.blocks.flatMap((block) => block.effect || [0])) || 1;
    const nodes = [];
    const blocks = [];
    for (const block of units.blocks) {
      if (!block.units) continue;
      const half = block.field === "title" ? 0 : HEIGHT / 2;
      const x = 12 + column * block.layer;
      const y = half + 30 + HEAD + block.direction * (height + HEAD + 6);
      const count = block.units.length;
      const columns = Math.max(1, Math.ceil(Math.sqrt((count * width) / height)));
      const rows = Math.ceil(count / columns);
      const cell = Math.min(width / columns, height / rows);
      blocks.push({ block, x, y, width, height });
      block.units.forEach((number, k) => {
        const at = Math.floor(k / rows);
        const row = at % 2 ? rows - 1 - (k % rows) : k % rows;
        const effect = block.effect[k];
        nodes.push({
          name: block.name + number,
          number,
          field: block.field,
          layer: block.layer,
          direction: block.direction,
          href: block.address.replace("_", number),
          effect,
          error: block.error[k],
          points: block.points[k],
          active: block.active[k],
          toward: block.toward[k],
          out: block.out[k] || 0,
          cell,
          x: x + (at + 0.5) * cell,
          y: y + (row + 0.5) * cell,
          r: Math.max(0.07 * cell, 0.47 * cell * Math.sqrt(effect / most)),
        });
      });
    }
    return { nodes, blocks, answer: ANSWER, width: WIDTH, height: HEIGHT };
  };

  sitegen.mapView = (region, svg, layout, changed) => {
    const view = { x: 0, y: 0, scale: 1, whole: 1, first: 1, width: 1, height: 1 };
    const listeners = { point: () => {}, pick: () => {} };
    let waiting = false;

    function tell() {
      if (waiting) return;
      waiting = true;
      window.requestAnimationFrame(() => {
        waiting = false;
        changed();
      });
    }
    /* The map stays in the window, or in its middle where it is smaller. */
    function hold() {
      for (const [at, size, all] of [["x", "width", layout.width], ["y", "height", layout.height]]) {
        const room = all - view[size] / view.scale;
        view[at] = room < 0 ? room / 2 : Math.min(Math.max(view[at], 0), room);
      }
      tell();
    }
    function measure() {
      view.width = region.clientWidth || layout.width;
      view.height = region.clientHeight || layout.height;
      svg.setAttribute("viewBox", `0 0 ${view.width} ${view.height}`);
      view.whole = Math.min(view.width / layout.width, view.height / layout.height);
      // Where the window is narrow the map begins at its right end, as high as the window.
      view.first = Math.min(view.height / layout.height, Math.max(view.whole, 0.5));
    }
    function first() {
      measure();
      view.scale = view.first;
      view.x = layout.width;
      view.y = 0;
      hold();
    }
    function whole() {
      view.scale = view.whole;
      hold();
    }
    /* Closer by a factor, around a place of the window, its middle if none is given. */
    function zoom(factor, at = { x: view.width / 2, y: view.height / 2 }) {
      const scale = Math.min(Math.max(view.scale * factor, view.whole), CLOSEST * view.whole);
      view.x += at.x / view.scale - at.x / scale;
      view.y += at.y / view.scale - at.y / scale;
      view.scale = scale;
      hold();
    }
    function centre(place, scale = view.scale) {
      view.scale = Math.min(Math.max(scale, view.whole), CLOSEST * view.whole);
      view.x = place.x - view.width / 2 / view.scale;
      view.y = place.y - view.height / 2 / view.scale;
      hold();
    }
    const window_ = (place) => ({ x: (place.x - view.x) * view.scale, y: (place.y - view.y) * view.scale });
    function inside(place, margin = 0) {
      const { x, y } = window_(place);
      return x >= margin && y >= margin && x <= view.width - margin && y <= view.height - margin;
    }

    const fingers = new Map();
    let dragged = false;
    const place = (event) => {
      const box = region.getBoundingClientRect();
      return { x: event.clientX - box.left - region.clientLeft, y: event.clientY - box.top - region.clientTop };
    };
    const between = () => {
      const [a, b] = [...fingers.values()];
      return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.hypot(a.x - b.x, a.y - b.y) };
    };
    region.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      fingers.set(event.pointerId, { ...place(event), from: place(event) });
      if (fingers.size === 1) dragged = false;
    });
    region.addEventListener("pointermove", (event) => {
      const finger = fingers.get(event.pointerId);
      const now = place(event);
      if (!finger) {
        listeners.point(now);
        return;
      }
      if (fingers.size === 2) {
        const before = between();
        Object.assign(finger, now);
        const after = between();
        view.x += (before.x - after.x) / view.scale;
        view.y += (before.y - after.y) / view.scale;
        dragged = true;
        zoom(after.apart / Math.max(before.apart, 1), after);
        return;
      }
      if (!dragged && Math.hypot(now.x - finger.from.x, now.y - finger.from.y) < DRAG) return;
      if (!dragged) region.setPointerCapture(event.pointerId);
      dragged = true;
      view.x -= (now.x - finger.x) / view.scale;
      view.y -= (now.y - finger.y) / view.scale;
      Object.assign(finger, now);
      hold();
    });
    const lift = (event) => {
      const finger = fingers.get(event.pointerId);
      fingers.delete(event.pointerId);
      if (finger && !dragged && event.type === "pointerup") listeners.pick(finger, event);
    };
    region.addEventListener("pointerup", lift);
    region.addEventListener("pointercancel", lift);
    region.addEventListener("pointerleave", (event) => {
      if (!dragged) fingers.delete(event.pointerId);
      listeners.point(null);
    });
    region.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        zoom(Math.exp(-event.deltaY / 200), place(event));
      },
      { passive: false },
    );
    new window.ResizeObserver(() => {
      const { width, scale, first: begun } = view;
      if (Math.abs(region.clientWidth - width) < 1 && region.clientHeight === view.height) return;
      const middle = { x: view.x + view.width / 2 / scale, y: view.y + view.height / 2 / scale };
      measure();
      centre(middle, (scale * view.first) / begun);
    }).observe(region);
    first();
    return Object.assign(view, { zoom, centre, inside, window: window_, showWhole: whole, listeners });
  };
})();
