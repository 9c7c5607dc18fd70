/* The map of a network's units (network-view.js says where they lie), drawn from sitegen.units, which
   sitegen/web/pages/network/map.py describes.

   Of the connections few are drawn: FEW at first and up to MANY as one comes closer, the strongest of those that begin
   or end in view, as many of each kind; those of the unit that is chosen come first. What share of all the drawn ones
   carry is said below. What the map shows can be read back from the region's data: edges, current, found, closeness. */
(function () {
  "use strict";
  const sitegen = window.sitegen;
  const { units } = sitegen;
  const map = document.querySelector('[data-part="map"]');
  const part = (name) => map.querySelector(`[data-part="${name}"]`);
  const region = part("region");
  const FEW = 40;
  const MANY = 120;
  const OWN = 20; // connections of the chosen unit
  const NEAR = 12; // pixels around a unit that are its own
  const NUMBERED = 26; // pixels of a unit's cell from which on its number is written,
  const NAMED = 50; // and its whole name
  const ROOM = 9; // pixels of a disc's radius that a number fits on
  const NS = "http://www.w3.org/2000/svg";

  function add(parent, name, attributes, text) {
    const element = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
  }

  document.querySelector('[data-part="no-map"]').hidden = true;
  map.hidden = false;
  const layout = sitegen.mapLayout(units);
  const { nodes, answer } = layout;
  const svg = add(region, "svg", { "aria-hidden": "true" });
  const world = add(svg, "g", {});
  const lines = add(world, "g", { class: "edges" });
  const discs = add(world, "g", {});
  const marks = add(world, "g", {});
  const writing = add(svg, "g", { class: "writing" }); // in pixels

  for (const node of nodes) {
    const side = { 1: "positive", 0: "", "-1": "negative" }[node.toward];
    const r = side === "negative" ? 0.78 * node.r : node.r;
    node.disc = add(discs, "circle", { class: `node ${side}`, cx: node.x, cy: node.y, r });
    if (side === "negative") node.disc.setAttribute("stroke-width", 0.44 * node.r);
  }
  add(discs, "circle", { class: "answer", cx: answer.x, cy: answer.y, r: answer.r });

  /* Connections: kind, both ends, what they carry. */
  const edges = [];
  for (const kind of units.kinds) {
    kind.carry.forEach((carry, k) => {
      edges.push({ kind: kind.kind, from: nodes[kind.ends[2 * k]], to: nodes[kind.ends[2 * k + 1]], carry });
    });
  }
  for (const node of nodes) if (node.out) edges.push({ kind: "out", from: node, to: answer, carry: Math.abs(node.out) });
  edges.sort((a, b) => b.carry - a.carry);
  const all = { up: { count: 0, total: 0 }, within: { count: 0, total: 0 }, out: units.out };
  for (const kind of units.kinds) {
    all[kind.kind].count += kind.count;
    all[kind.kind].total += kind.total;
  }
  const largest = {};
  for (const edge of edges) largest[edge.kind] = Math.max(largest[edge.kind] || 0, edge.carry);
  const SAYS = { up: "between layers", within: "within a layer", out: "to the answer" };

  let current = null;
  let pointed = null;
  let found = null; // the units that a search finds, a set; null without one

  /* ---- what is drawn ---- */
  function chosen() {
    const kinds = ["up", "out", ...(part("within").checked ? ["within"] : [])].filter((kind) => largest[kind]);
    const limit = Math.round(Math.min(MANY, Math.max(FEW, (FEW * view.scale) / view.first)));
    const mine = (edge) => current && (edge.from === current || edge.to === current);
    const shown = edges.filter((edge) => kinds.includes(edge.kind) && mine(edge)).slice(0, OWN);
    const rest = edges.filter((edge) => !mine(edge) && (view.inside(edge.from) || view.inside(edge.to)));
    const queues = kinds.map((kind) => rest.filter((edge) => edge.kind === kind));
    for (let k = 0; shown.length < limit && queues.some((queue) => k < queue.length); k++) {
      for (const queue of queues) if (k < queue.length && shown.length < limit) shown.push(queue[k]);
    }
    return { shown, kinds, mine };
  }
  function path({ kind, from, to }) {
    if (kind !== "within") {
      const half = (from.x + to.x) / 2;
      return `M${from.x} ${from.y}C${half} ${from.y} ${half} ${to.y} ${to.x - (to.number === undefined ? answer.r : 0)} ${to.y}`;
    }
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    return `M${from.x} ${from.y}Q${(from.x + to.x) / 2 - dy / 3} ${(from.y + to.y) / 2 + dx / 3} ${to.x} ${to.y}`;
  }
  function drawEdges() {
    const { shown, kinds, mine } = chosen();
    lines.replaceChildren();
    for (const edge of [...shown].reverse()) {
      const sign = edge.kind === "out" ? (edge.from.out > 0 ? " positive" : " negative") : "";
      add(lines, "path", {
        class: `edge ${edge.kind}${sign}${mine(edge) ? " mine" : ""}`,
        d: path(edge),
        "stroke-width": 0.6 + (2.4 * edge.carry) / largest[edge.kind],
      });
    }
    const said = kinds.map((kind) => {
      const drawn = shown.filter((edge) => edge.kind === kind);
      const carried = drawn.reduce((sum, edge) => sum + edge.carry, 0) / all[kind].total;
      return `${drawn.length} of ${all[kind].count.toLocaleString("en")} ${SAYS[kind]} (${share(carried)} of what all of these carry)`;
    });
    part("drawn").textContent = `Connections drawn: ${said.join("; ")}.`;
    region.dataset.edges = shown.length;
  }
  function share(value) {
    const percent = 100 * value;
    if (percent && percent < 0.1) return "less than 0.1%";
    return `${percent.toFixed(percent < 10 ? 1 : 0)}%`;
  }
  function drawWriting() {
    writing.replaceChildren();
    const write = (place, text, kind) => {
      const { x, y } = view.window(place);
      add(writing, "text", { x, y, class: kind }, text);
    };
    for (const { block, x, y } of layout.blocks) {
      write({ x, y: y - 4 / view.scale }, `${block.name.slice(0, 2)} ${block.direction ? "← backward" : "→ forward"}`, "block");
      if (!block.layer && !block.direction) write({ x, y: y - 20 / view.scale }, `reads the ${block.field}`, "field");
    }
    write({ x: answer.x, y: answer.y + 4 / view.scale }, "answer", "middle");
    for (const node of nodes) {
      const size = node.cell * view.scale;
      const marked = node === current || node === pointed || (found && found.has(node) && found.size <= 12);
      if ((size < NUMBERED && !marked) || !view.inside(node, -20)) continue;
      // On a disc that has room for it, else below.
      const down = node.r * view.scale < ROOM ? node.r + 11 / view.scale : 4 / view.scale;
      const name = size < NAMED && !marked ? node.number : node.name;
      write({ x: node.x, y: node.y + down }, name, marked ? "middle marked" : "middle");
    }
  }
  function drawMarks() {
    marks.replaceChildren();
    const ring = (node, kind, room) =>
      add(marks, "circle", { class: kind, cx: node.x, cy: node.y, r: node.r + room / view.scale });
    for (const node of found || []) ring(node, "found", 3);
    if (pointed) ring(pointed, "pointed", 3);
    if (current) ring(current, "current", 5);
  }
  function draw() {
    world.setAttribute("transform", `scale(${view.scale}) translate(${-view.x} ${-view.y})`);
    drawEdges();
    drawMarks();
    drawWriting();
    region.dataset.closeness = (view.scale / view.first).toFixed(2);
    region.dataset.current = current ? current.name : "";
    region.dataset.found = found ? found.size : "";
  }

  /* ---- what is said ---- */
  function describe(node) {
    const [negative, positive] = units.classes;
    const speaks = node.toward ? `Speaks more for “${node.toward > 0 ? positive : negative}”.` : "Speaks for neither class more.";
    const ends = (which, other) =>
      edges.filter((edge) => edge.kind === "up" && edge[which] === node).slice(0, 3).map((edge) => edge[other].name);
    const [from, to] = [ends("to", "from"), ends("from", "to")];
    const joined = [
      ...(from.length ? [`hears most from ${from.join(", ")}`] : []),
      ...(to.length ? [`is heard most by ${to.join(", ")}`] : []),
    ].join("; ");
    return (
      `${node.name}: reads the ${node.field} ${node.direction ? "backward" : "forward"}, layer ${node.layer + 1}. ` +
      `Held at its average, it changes the answer by ${node.points < 0.1 ? "less than 0.1" : node.points.toFixed(1)} points ` +
      `on average (${node.effect.toFixed(4)} ± ${node.error.toFixed(4)} log-odds). ${speaks} On at ${Math.round(100 * node.active)}% of words.` +
      (joined ? ` It ${joined}.` : "")
    );
  }
  function say() {
    const node = pointed || current;
    part("said").ariaLive = pointed ? "off" : "polite"; // of a moving pointer no word is spoken
    part("said").textContent = node
      ? describe(node)
      : found
        ? found.size === 1 ? "1 unit is marked." : found.size ? `${found.size} units are marked.` : "No unit has this name."
        : "Point at a unit, or move to one with the arrow keys, to read its numbers; click it to open its page.";
  }
  function refresh() {
    say();
    draw();
  }

  const view = sitegen.mapView(region, svg, layout, draw);

  /* ---- choosing ---- */
  function nearest({ x, y }) {
    let best = null;
    let least = Infinity;
    for (const node of nodes) {
      const at = view.window(node);
      const apart = Math.hypot(at.x - x, at.y - y) - node.r * view.scale;
      if (apart < least) [best, least] = [node, apart];
    }
    return least <= NEAR ? best : null;
  }
  function choose(node) {
    current = node;
    pointed = null;
    if (node && !view.inside(node, 40)) view.centre(node);
    refresh();
  }
  function open(node, apart) {
    if (apart) window.open(node.href);
    else window.location.assign(node.href);
  }
  view.listeners.point = (at) => {
    const node = at && nearest(at);
    region.classList.toggle("on-unit", Boolean(node));
    if (node === pointed) return;
    pointed = node;
    refresh();
  };
  view.listeners.pick = (at, event) => {
    const node = nearest(at);
    // A finger cannot point: its first tap reads the numbers, its second one opens.
    if (!node || (event.pointerType === "touch" && node !== current)) choose(node);
    else open(node, event.ctrlKey || event.metaKey);
  };
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  function step([dx, dy]) {
    if (!current) {
      const middle = { x: view.x + view.width / 2 / view.scale, y: view.y + view.height / 2 / view.scale };
      return nodes.reduce((a, b) => (Math.hypot(a.x - middle.x, a.y - middle.y) <= Math.hypot(b.x - middle.x, b.y - middle.y) ? a : b));
    }
    let best = current;
    let least = Infinity;
    for (const node of nodes) {
      const along = (node.x - current.x) * dx + (node.y - current.y) * dy;
      const across = Math.abs((node.x - current.x) * dy) + Math.abs((node.y - current.y) * dx);
      if (along > 0.1 && along + 3 * across < least) [best, least] = [node, along + 3 * across];
    }
    return best;
  }
  region.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = current ? view.window(current) : undefined;
    if (WAYS[event.key]) choose(step(WAYS[event.key]));
    else if (event.key === "+" || event.key === "=") view.zoom(1.5, at);
    else if (event.key === "-") view.zoom(1 / 1.5, at);
    else if (event.key === "Enter" && current) open(current);
    else if (event.key === "Escape") {
      part("find").value = "";
      found = null;
      choose(null);
    } else return;
    event.preventDefault();
  });

  /* ---- controls ---- */
  const NAME = /^([at])?(\d+)?\s*(→|←|->|<-|>|<|forward|backward)?\s*(\d+)?$/i;
  function search(text) {
    const asked = text.trim();
    if (!asked) return null;
    const match = NAME.exec(asked);
    if (!match) return new Set();
    let [, field, layer, way, number] = match;
    if (!field && !way && number === undefined) [layer, number] = [undefined, layer]; // a number alone
    const direction = way && (/^(→|->|>|forward)$/i.test(way) ? 0 : 1);
    return new Set(
      nodes.filter(
        (node) =>
          (!field || node.field[0] === field.toLowerCase()) &&
          (layer === undefined || node.layer === Number(layer) - 1) &&
          (!way || node.direction === direction) &&
          (number === undefined || node.number === Number(number)),
      ),
    );
  }
  part("find").addEventListener("input", () => {
    found = search(part("find").value);
    current = null;
    refresh();
  });
  part("find").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !found || !found.size) return;
    const [node] = found;
    view.centre(node, Math.max(view.scale, NAMED / node.cell));
    choose(node);
    region.focus();
  });
  for (const button of map.querySelectorAll("[data-zoom]"))
    button.addEventListener("click", () => view.zoom(Number(button.dataset.zoom), current ? view.window(current) : undefined));
  part("whole").addEventListener("click", () => view.showWhole());
  part("within").addEventListener("change", refresh);

  refresh();
  region.dataset.ready = "map";
})();
