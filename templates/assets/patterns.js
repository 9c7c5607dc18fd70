/* The page of patterns: what is chosen (in the address behind #), what follows from it, and when it is looked for.

   A search runs a moment after the last change. What it needs is loaded then: the states of the paper, the bits of the
   units that stay on, and those of all units at this threshold (pattern-files.js). What the page knows from the start is
   sitegen.patterns (pages/network/patterns.py). */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const tool = document.querySelector("[data-part=tool]");
  const part = (name) => tool.querySelector(`[data-part="${name}"]`);
  if (!tool || !window.DecompressionStream) return;

  const { steps, least, candidates, results, context, long, start: first } = sitegen.patterns;
  const { root } = tool.dataset;
  const files = sitegen.patternFiles(root);
  const WAIT = 200; // milliseconds after a change
  const radios = (name) => [...tool.querySelectorAll(`input[name="${name}"]`)];
  const checked = (name, none) => (radios(name).find((one) => one.checked) || { value: none }).value;
  const fields = Object.keys(steps);

  let corpus = null; // by field: { texts: [pieces of each paper], bounds }
  let papers = []; // as in the file of words
  let state = null; // { record, field, range: [first, last] tokens from 1, threshold, direction, before, after, off: Set }
  let known = []; // the tokens of the text that is shown, by known word
  let inside = null; // the states of its field
  let network = null;
  let turn = 0; // of searching: what belongs to an older one is dropped
  let loading = null; // stands for the text that is being loaded; null once it is shown

  /* --- the state in the address --- */
  function read() {
    const given = new URLSearchParams(location.hash.slice(1));
    const plain = !given.has("record");
    const value = (name) => (plain && first ? first[name] : given.get(name));
    const record = sitegen.patternPapers.same[value("record")] || value("record");
    const range = String(value("range") || "").split(/[-,]/).map(Number);
    const number = Number(value("threshold"));
    return {
      record: papers.some(({ name }) => name === record) ? record : papers[0].name,
      field: fields.includes(value("field")) ? value("field") : fields[0],
      range: range.length === 2 && range.every((one) => one > 0) ? range : [1, 4],
      threshold: [1, 2, 3].includes(number) ? number : 2,
      direction: ["forward", "backward"].includes(given.get("direction")) ? given.get("direction") : "both",
      before: plain && first ? first.before : given.has("before"),
      after: given.has("after"),
      off: new Set((given.get("off") || "").split(",").filter(Boolean).map(Number)),
      missing: record && !papers.some(({ name }) => name === record),
    };
  }
  function write() {
    const text = new URLSearchParams({ record: state.record, field: state.field, range: state.range.join("-"), threshold: state.threshold });
    if (state.direction !== "both") text.set("direction", state.direction);
    for (const name of ["before", "after"]) if (state[name]) text.set(name, "1");
    if (state.off.size) text.set("off", [...state.off].sort((a, b) => a - b).join(","));
    history.replaceState(null, "", "#" + text.toString().replaceAll("%2C", ","));
  }

  /* --- the text and its lines --- */
  const text = sitegen.patternText(part("text"), (start, end) => chooseWords(start, end));
  const paper = () => papers.find(({ name }) => name === state.record);
  const number = (record) => papers.indexOf(record);
  const pieces = () => corpus[state.field].texts[number(paper())];
  function words() {
    const [from, to] = state.range;
    let start = known.findIndex((token) => token + 1 >= from);
    if (start < 0) start = Math.max(0, known.length - 1);
    let end = start;
    while (end < known.length && known[end] + 1 <= to) end += 1;
    return [start, Math.min(known.length, Math.max(end, start + 1))];
  }
  function chooseWords(start, end) {
    const range = [known[start] + 1, known[end - 1] + 1];
    if (range.join() === state.range.join()) return;
    Object.assign(state, { range, off: new Set() });
    write();
    chosen();
  }
  function rows() {
    const { units, hidden } = { units: inside.units, hidden: network.hidden };
    return { both: [0, units], forward: [0, hidden], backward: [hidden, units] }[state.direction];
  }

  async function open() {
    const mine = (loading = {});
    turn += 1;
    say("");
    const data = await sitegen.insideData(root, state.record);
    if (mine !== loading) return;
    loading = null;
    network = data.network;
    inside = data[state.field];
    known = inside.known;
    text.show(pieces());
    chosen();
  }

  /* --- what is chosen: at once the units that stay on, a moment later where else they do --- */
  let waiting = 0;
  function chosen() {
    if (loading) return; // it is read when the text is there
    const mine = (turn += 1);
    controls();
    const [start, end] = words();
    const step = steps[state.field][state.threshold - 1];
    const given = { count: inside.count, units: inside.units, rows: rows(), step };
    const cells = known.length ? sitegen.patternSearch.throughout(inside.states, { ...given, ...state, start, end }) : [];
    const wanted = cells.filter((cell) => !state.off.has(cell));
    text.select(start, known.length ? end : start);
    text.draw({ ...given, states: inside.states, cells: wanted });
    sitegen.patternUnits(part("units"), {
      cells,
      units: inside.units,
      off: state.off,
      unitOf: (row) => sitegen.unitOf(network, state.field, network.layers, row),
      page: (file) => network.unit_page && root + network.unit_page.replace("{}", file),
      toggle(cell, on) {
        state.off[on ? "delete" : "add"](cell);
        write();
        chosen();
      },
    });
    part("unit-count").textContent = cells.length ? `${cells.length} of ${given.rows[1] - given.rows[0]}` : "";
    clearTimeout(waiting);
    document.documentElement.dataset.searched = "";
    if (wanted.length) {
      waiting = setTimeout(() => search(mine, { wanted, start, end }).catch(failed), WAIT);
      return;
    }
    part("found").textContent = "";
    part("results").replaceChildren();
    const none = `No unit stays on over all of these words. Choose fewer words${state.threshold < 3 ? ", or a lower threshold" : ""}.`;
    say(known.length ? (cells.length ? "No unit is chosen." : none) : "The network knows no word of this text.");
    document.documentElement.dataset.searched = String(mine);
  }

  async function search(mine, { wanted, start, end }) {
    const { field, threshold, before, after } = state;
    const { units } = inside;
    const name = (row) => `${sitegen.unitOf(network, field, network.layers, row).file}-${threshold}`;
    const { texts, bounds } = corpus[field];
    const width = Math.ceil(bounds[bounds.length - 1] / 8);
    const planes = new Map();
    await Promise.all(
      wanted.map(async (cell) => {
        const bits = await files.bits(name(cell % units));
        planes.set(cell, cell < units ? bits.subarray(0, width) : bits.subarray(width));
      }),
    );
    const all = await files.bits(`all-${field}-${threshold}`);
    if (mine !== turn) return;
    const place = bounds[number(paper())];
    const began = performance.now();
    const runs = sitegen.patternSearch.find({
      ...{ bounds, units, planes, all, before, after, least, candidates, limit: results },
      ...{ chosen: wanted, rows: rows(), without: [place + start, place + end] },
    });
    const took = performance.now() - began;
    sitegen.patternResults(part("results"), {
      runs: runs.slice(0, results),
      chosen: wanted.length,
      context,
      long,
      place(run) {
        const k = textOf(bounds, run.start);
        const from = run.start - bounds[k];
        const sentence = papers[k][field].ends.findIndex((behind) => behind > from) + 1;
        const anchor = field === "abstract" ? `#s${sentence}` : "";
        return {
          pieces: texts[k],
          start: from,
          end: run.end - bounds[k],
          href: `${root}records/${encodeURIComponent(papers[k].name)}.html${anchor}`,
          heading: papers[k].heading,
        };
      },
    });
    const whole = runs.filter((run) => run.shared === wanted.length).length;
    const many = (n) => n.toLocaleString("en");
    const places = `${many(runs.length)} ${runs.length === 1 ? "place" : "places"}`;
    part("found").textContent = runs.length > results ? `the best ${results} of ${places}` : places;
    say(
      `${places} found in ${(took / 1000).toFixed(2)} s; in ${many(whole)} of them ` +
        `${wanted.length === 1 ? "the chosen unit stays" : `all ${wanted.length} units stay`} on.`,
    );
    Object.assign(document.documentElement.dataset, { searched: String(mine), milliseconds: took.toFixed(2) });
  }

  /* In which text a word of the corpus stands. */
  function textOf(bounds, word) {
    let [low, high] = [0, bounds.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (bounds[middle] <= word) low = middle;
      else high = middle;
    }
    return low;
  }

  function say(message) {
    const missing = `The ${sitegen.nouns.one} of this link is not among those whose states are kept; another is shown. `;
    part("status").textContent = (state?.missing ? missing : "") + message;
  }
  const failed = (error) => say(`A file of this page cannot be read: ${error.message}.`);

  /* --- the controls --- */
  function controls() {
    part("record").value = state.record;
    for (const name of ["field", "threshold", "direction"]) for (const one of radios(name)) one.checked = one.value === String(state[name]);
    for (const name of ["before", "after"]) part(name).checked = state[name];
    for (const one of tool.querySelectorAll("[data-of]")) one.hidden = one.dataset.of !== state.field;
    const [start, end] = words();
    for (const [name, word] of [["from", start], ["to", end - 1]]) {
      part(name).value = known.length ? known[word] + 1 : "";
      part(name).max = known.length ? known[known.length - 1] + 1 : "";
    }
  }
  function changed(change, opens) {
    Object.assign(state, change, { off: new Set(), missing: false });
    write();
    if (opens) open().catch(failed);
    else chosen();
  }
  part("record").addEventListener("change", (event) => changed({ record: event.target.value, range: [1, 4] }, true));
  for (const one of radios("field")) one.addEventListener("change", () => changed({ field: one.value, range: [1, 4] }, true));
  for (const one of radios("threshold")) one.addEventListener("change", () => changed({ threshold: Number(one.value) }));
  for (const one of radios("direction")) one.addEventListener("change", () => changed({ direction: checked("direction", "both") }));
  for (const name of ["before", "after"]) part(name).addEventListener("change", (event) => changed({ [name]: event.target.checked }));
  for (const name of ["from", "to"])
    part(name).addEventListener("change", () => {
      const [from, to] = [Number(part("from").value) || 1, Number(part("to").value) || 1];
      changed({ range: name === "from" ? [from, Math.max(from, to)] : [Math.min(from, to), to] });
    });
  window.addEventListener("hashchange", () => {
    if (location.hash && !location.hash.includes("=")) return write(); // a place on the page: the state stays in the address
    state = read();
    open().catch(failed);
  });

  /* --- the beginning --- */
  function index(field) {
    const texts = papers.map((one) => one[field].text.split("\n"));
    const bounds = [0];
    for (const text_ of texts) bounds.push(bounds[bounds.length - 1] + (text_.length - 1) / 2);
    return { texts, bounds };
  }
  async function begin() {
    papers = (await files.words()).papers;
    corpus = Object.fromEntries(fields.map((field) => [field, index(field)]));
    const collator = new Intl.Collator("en");
    const sorted = [...papers].sort((a, b) => collator.compare(a.heading, b.heading));
    part("record").append(...sorted.map(({ name, heading }) => new Option(heading, name)));
    state = read();
    tool.hidden = false;
    const example = document.querySelector("[data-part=example]");
    if (example) example.hidden = true;
    await open();
    document.documentElement.dataset.ready = "patterns";
  }
  begin().catch((error) => {
    tool.hidden = false;
    failed(error);
  });
})();
