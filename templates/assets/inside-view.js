/* Inside the network, once a reader has opened the fold (inside.js): what its units wrote at the words of a record, below
   the figure and on its axis of words.

   A row is a band of units that write alike, or a single unit; its colour at a word is what it wrote there, its bar at
   the right its part of the answer; the bars above are the words' sums. The numbers are made in the page from the
   network's states and weights, and compared with the answer as the figure has it: that is the line below the picture.

   sitegen.insideView(fold, data) draws it into the fold, of what insideData gave. fold.shown has the blocks that are
   drawn and the numbers of the check.

   Needs the scripts of the figure, and those that stand before it in routes.py. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const FIELDS = ["title", "abstract"];
  const STEP = 84; // the widest column of a word of the title, in pixels
  const LEFT = 8; // where a plot begins without the figure
  const ROOM = 72;
  const NARROW = 480; // pixels: below it headings are short
  const [HEADINGS, SHORT] = [["reads forward →", "← reads backward"], ["forward →", "← backward"]];
  const { make } = sitegen;
  const { logOdds, percent, probability, signed } = sitegen.numbers;

  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const units = (count) => `${count} ${count === 1 ? "unit" : "units"}`;

  sitegen.insideView = function (fold, data) {
    const figure = document.querySelector(".heatmap");
    const texts = Object.fromEntries(FIELDS.map((name) => [name, document.querySelector(`[data-field="${name}"]`)]));
    const source = JSON.parse(figure.querySelector('[data-part="data"]').textContent);
    const record = sitegen.readRecord(source, texts.title.textContent, texts.abstract.textContent);
    const marks = sitegen.markText(record, texts);
    const strips = sitegen.strips(record);
    const { network } = data;
    const view = { all: false, order: "alike", opened: { title: new Set(), abstract: new Set() } };
    const blocks = []; // { block, name, layer, given }
    let lower = null; // the layers below, once asked for

    /* ---- what is said ---- */

    const readout = make("div", "inside-readout");
    const status = make("p", "inside-status");
    status.setAttribute("aria-live", "polite"); // to readers who go by keys; others see the readout
    const strong = (text) => make("b", "", text);
    const say = (first, second = []) => readout.replaceChildren(make("p", "", ...first), make("p", "", ...second));
    const rest = () => say(["Point anywhere; a click on a band shows its units."]);

    function link(unit) {
      if (!network.unit_page) return [];
      const anchor = make("a", "", `All about ${unit.name}`);
      anchor.href = `${fold.dataset.root}${network.unit_page.replace("{}", unit.file)}`;
      return [" ", anchor];
    }

    function who(row, field, layer) {
      if (row.kind === "band") return `${units(row.units.length)} that read ${network.names[row.direction]}`;
      const unit = sitegen.unitOf(network, field, layer, row.units[0]);
      return `${unit.name} (${unit.words})`;
    }

    function tell({ name, layer, field, top }, row, word) {
      const part = row && top ? [`Its part of the answer: `, strong(logOdds(row.part)), ` of the ${name}'s ${logOdds(sum(field.parts))}.`] : [];
      if (row && row.kind === "band") part[0] = "Their part of the answer: ";
      const more = row && row.kind === "unit" ? link(sitegen.unitOf(network, name, layer, row.units[0])) : [];
      if (word === null) return say([strong(row ? who(row, name, layer) : "")], [...part, ...more]);
      const text = strong(`“${record[name].word(word)}”`);
      const k = field.known.indexOf(word);
      if (k < 0) return say([text, " is not in the model's vocabulary: nothing is written there."], [...part, ...more]);
      if (!top) return say(row ? [text, ": ", who(row, name, layer), " moved by ", strong(logOdds(row.cells[k])), " here: movement, not evidence."] : [text], more);
      const all = [`all ${field.units} units `, strong(logOdds(field.words[word]))];
      if (!row) return say([text, ": here ", ...all, " log-odds."]);
      say([text, ": here ", who(row, name, layer), " wrote ", strong(logOdds(row.cells[k])), "; ", ...all, " log-odds."], [...part, ...more]);
    }

    /* ---- the blocks ---- */

    function point(one, row, word) {
      for (const other of blocks) if (other.name === one.name && other !== one) other.block.frame(word);
      if (!row && word === null) {
        marks.clear();
        return rest();
      }
      const inTitle = one.name === "title";
      if (word === null) marks.clear();
      else marks.show({ row: inTitle ? word : null, first: inTitle ? null : word, word, sentence: null });
      tell(one, row, word);
    }

    function toggle(one, row) {
      if (row.kind !== "band") return;
      const opened = view.opened[one.name];
      if (!opened.delete(row.key)) opened.add(row.key);
      draw();
    }

    /* What is on the figure's axis scrolls with the figure. */
    const regions = [];
    function scrollTogether(region) {
      regions.push(region);
      region.addEventListener("scroll", () => {
        for (const other of regions) if (other.scrollLeft !== region.scrollLeft) other.scrollLeft = region.scrollLeft;
      });
    }
    scrollTogether(figure.querySelector('[data-part="region"]'));

    function add(name, layer, field, { top, orders }) {
      const part = top ? `${logOdds(sum(field.parts))} log-odds` : `layer ${layer}: how far each unit's state moved (darker: further), which is no evidence`;
      const one = { name, layer, field, top, orders };
      one.block = sitegen.insideBlock({
        heading: name === "title" ? "Title" : record.titled ? "Abstract" : "Text",
        note: part,
        label: `What the units that read the ${name === "title" ? name : record.called} ${top ? "wrote" : `of layer ${layer} did`} at its words. Arrow keys move; Enter opens a band.`,
        open: (row) => toggle(one, row),
        point: (row, word) => point(one, row, word),
      });
      one.block.region.addEventListener("keydown", () => (status.textContent = readout.textContent));
      if (name === "abstract") scrollTogether(one.block.region);
      blocks.push(one);
      return one.block.element;
    }

    /* The figure's axis; without a figure one of the block's own. */
    function axis(region) {
      if (figure.figure && figure.view) {
        const { columns, size } = figure.figure;
        const left = figure.view.origin()[0] + figure.view.padding().left;
        return { at: strips.scale(columns, size.width), width: size.width, left, room: size.room };
      }
      const width = Math.max(120, region.clientWidth - LEFT - ROOM);
      return { at: (x) => Math.round((x * width) / record.words), width, left: LEFT, room: ROOM };
    }

    function geometry({ name, block }) {
      const found = axis(block.region);
      if (name === "abstract") return { ...found, words: record.words, ends: record.sentences.map(({ end }) => end) };
      const width = Math.min(found.width, block.region.clientWidth - found.left - found.room);
      const step = Math.min(STEP, width / record.title.count);
      return { ...found, width, at: (x) => Math.round(x * step), words: record.title.count, ends: [] };
    }

    const label = (row, opened) => (row.kind === "band" ? `${units(row.units.length)} ${opened.has(row.key) ? "▾" : "▸"}` : "");

    function draw() {
      for (const one of blocks) {
        const { name, field, top, orders } = one;
        const opened = view.opened[name];
        const rows = top ? sitegen.insideRows(field, { ...view, opened }) : sitegen.layerRows(field, orders);
        const names = Array.from({ length: record[name].count }, (_, word) => record[name].word(word));
        one.block.draw({
          ...geometry(one),
          rows,
          names,
          every: name === "title",
          known: field.known,
          sums: top ? Array.from(field.words) : null,
          full: top ? data.full : { bands: 1, units: 1 },
          grey: !top,
          directions: network.directions,
          labels: rows.map((row) => label(row, opened)),
          headings: (fold.clientWidth < NARROW ? SHORT : HEADINGS).slice(0, network.directions),
        });
      }
      legend.hidden = false;
      const single = view.all || FIELDS.some((name) => view.opened[name].size);
      unitScale.hidden = !single;
      bandScale.hidden = view.all;
    }

    /* ---- controls ---- */

    function choice(name, legendText, options, chosen) {
      const set = make("fieldset", "", make("legend", "", legendText));
      for (const [value, text] of options) {
        const input = Object.assign(make("input"), { type: "radio", name: `inside-${name}`, value, autocomplete: "off", checked: value === options[0][0] });
        input.addEventListener("change", () => {
          chosen(value);
          draw();
        });
        set.append(make("label", "", input, make("span", "", text)));
      }
      return set;
    }

    const ramp = make("span", "inside-ramp");
    ramp.setAttribute("aria-hidden", "true");
    const scale = (full, of) => make("span", "", `from ${sitegen.constants.minus}${full} to +${full} log-odds a ${of}`);
    const [bandScale, unitScale] = [scale(data.full.bands, "band"), scale(data.full.units, "unit")];
    const legend = make("p", "inside-legend", make("span", "", record.classes[0]), ramp, make("span", "", record.classes[1]), bandScale, unitScale);
    const controls = make(
      "div",
      "inside-controls",
      choice("rows", "Rows", [["bands", "bands"], ["units", "all units"]], (value) => (view.all = value === "units")),
      choice("order", "Order", [["alike", "neighbours alike"], ["size", "by size"]], (value) => (view.order = value)),
    );

    async function showLower() {
      lower.disabled = true;
      const layers = fold.dataset.layers.split(" ").map(Number).reverse();
      for (const layer of layers) {
        const found = await sitegen.insideData(fold.dataset.root, fold.dataset.name, layer);
        for (const name of FIELDS)
          if (found[name].known.length) {
            const orders = network.fields[name].orders[layer - 1];
            stage.append(add(name, layer, found[name], { top: false, orders }));
          }
      }
      draw();
      fold.dataset.lower = "drawn";
    }

    if (fold.dataset.layers) {
      lower = Object.assign(make("button", "", "Lower layers"), { type: "button" });
      lower.addEventListener("click", () => showLower().catch((error) => say([`${error.message}.`])));
      controls.append(lower);
    }

    /* ---- the check ---- */

    function check() {
      const parts = FIELDS.map((name) => sum(data[name].parts));
      const total = network.bias + parts[0] + parts[1];
      const cells = network.bias + sum(FIELDS.map((name) => sum(data[name].evidence())));
      const error = Math.max(...FIELDS.map((name) => data[name].error));
      const numbers = { bias: network.bias, title: parts[0], abstract: parts[1], total, cells, error, margin: record.margin };
      const text = make(
        "p",
        "inside-check",
        `Constant ${logOdds(network.bias)}, ${record.titled ? "title" : "the empty title"} ${logOdds(parts[0])}, ${record.called} ${logOdds(parts[1])}: together `,
        strong(`${logOdds(total)} log-odds, ${percent(probability(total))}`),
        `; the answer above is ${signed(record.margin, 5)}, which is ${Math.abs(total - record.margin).toExponential(0)} away. `,
        `The colours are made of states in steps of 1/127: their sum is ${signed(cells, 4)}, and none of them is off by more than ${error.toExponential(0)}.`,
      );
      return { numbers, text };
    }

    /* ---- the whole ---- */

    const stage = make("div", "inside-stage");
    for (const name of FIELDS) if (data[name].known.length) stage.append(add(name, data.layer, data[name], { top: true }));
    const checked = check();
    fold.querySelector(".inside-picture").before(controls, legend, stage, readout, status, checked.text);
    rest();
    fold.shown = { data, blocks, check: checked.numbers, view };
    draw();

    marks.on((found) => {
      for (const one of blocks) one.block.frame(found && found.field === one.name ? found.word : null);
    });

    let wide = stage.clientWidth;
    const again = () => fold.open && draw();
    const resized = () => {
      if (stage.clientWidth === wide) return;
      wide = stage.clientWidth;
      again();
    };
    new MutationObserver(() => document.documentElement.dataset.ready && again()).observe(document.documentElement, { attributeFilter: ["data-ready"] });
    new ResizeObserver(resized).observe(stage);
    sitegen.onColours(again);
    sitegen.onPaper(again);
  };
})();
