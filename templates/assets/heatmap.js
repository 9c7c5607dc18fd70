/* The heatmap of a record: draws the grid, and ties its cells to the words of the text, both ways.

   sitegen.heatmap(root) makes the element `root` (partials/heatmap.html) a heatmap: of the data that lies inside it, by
   the model that its data-model names. Every .heatmap of the page becomes one; several may share the page's text, and
   what is pointed at in one leaves the others as they are. root.view is Vega's view. When all have drawn, the document
   element has data-ready="heatmap".

   A cell is the probability after so many words of the title (its row) and so many words or sentences of the abstract
   (its column). Vega draws the picture once per choice of columns; whatever follows the pointer is drawn beside it:
   frames and tooltip are elements placed by arithmetic from the view's origin and step, since asking Vega to highlight
   costs 35 ms and more a move. A change of width or of the numbers only sets signals of the drawn view.

   Needs vega.js, heatmap-spec.js, chart.js, record.js, marks.js, constants.js, numbers.js and tooltip.js before it. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  if (!window.vegaEmbed) return;

  const NUMBERS_STEP = 28; // the narrowest column that holds a number, in pixels
  const NUMBERS_MOST = 200; // columns: a wider canvas is more than phones draw
  const WORD_LABELS_STEP = 12; // the narrowest column that holds its word, turned
  const LEVEL_LABELS_STEP = 90; // the narrowest column that holds most words as they are
  const NARROWEST = 3; // below it the picture scrolls
  const WIDEST = 120;
  const HEIGHT = 400; // what rows share, where their least and greatest heights let them
  const ROW = { least: 14, most: 24 };
  const LINE = 2; // the frame's border in heatmap.css

  const drawing = new Set(); // the heatmaps that are not as they should be yet
  let made = 0; // heatmaps on the page

  function begin(root) {
    drawing.add(root);
    delete document.documentElement.dataset.ready;
  }

  function end(root) {
    drawing.delete(root);
    if (!drawing.size) document.documentElement.dataset.ready = "heatmap";
  }

  sitegen.heatmap = function (root) {
    const part = (name) => root.querySelector(`[data-part="${name}"]`);
    const region = part("region");
    const stage = part("stage");
    const status = part("status");
    const numbersBox = part("numbers");
    const fields = {
      title: document.querySelector('[data-field="title"]'),
      abstract: document.querySelector('[data-field="abstract"]'),
    };
    const data = JSON.parse(part("data").textContent);
    const record = sitegen.readRecord(data, fields.title.textContent, fields.abstract.textContent);
    const marks = sitegen.markText(record, fields);
    const tooltip = sitegen.heatmapTooltip(record);

    let mode = record.sentences > 1 ? "sentences" : "words";
    const numbers = { words: null, sentences: true }; // whether cells carry numbers; null: where they fit
    let result = null; // what Vega-Embed gave
    let place = null; // where cells lie; see settle()
    let selected = null; // { row, column }: where the arrow keys are

    const columns = () => record.columns[mode];

    /* ---- size and labels, as values of the view's signals ---- */

    function rowLabelWidth() {
      const context = document.createElement("canvas").getContext("2d");
      context.font = "11px sans-serif";
      const limit = root.clientWidth < 480 ? 76 : 130;
      let widest = 0;
      for (let i = 0; i < record.title.count; i += 1) widest = Math.max(widest, context.measureText(record.title.word(i)).width);
      return Math.min(limit, Math.ceil(widest * 1.1) + 4);
    }

    function labels(step) {
      const list = columns();
      if (!record.abstract.count) return ["no abstract"];
      if (mode === "sentences") return list.map((_, s) => String(s + 1));
      if (step >= WORD_LABELS_STEP) return list.map((_, word) => record.abstract.word(word));
      const starts = new Map(record.columns.sentences.map((column, s) => [column.first, String(s + 1)]));
      return list.map((_, word) => starts.get(word) || "");
    }

    function signals() {
      const count = columns().length;
      const limit = rowLabelWidth();
      const dots = window.devicePixelRatio || 1;
      const fitting = Math.floor(((region.clientWidth - limit - 24) / count) * dots) / dots; // whole device pixels
      const numbered = numbersAllowed() && (numbers[mode] ?? fitting >= NUMBERS_STEP);
      const least = numbered || mode === "sentences" ? NUMBERS_STEP : NARROWEST;
      const across = Math.min(WIDEST, Math.max(least, fitting));
      const down = Math.min(ROW.most, Math.max(ROW.least, Math.floor(HEIGHT / record.rows)));
      return {
        x_step: across,
        y_step: down,
        label_limit: limit,
        numbers: numbered,
        columns: labels(across),
        label_angle: mode === "words" && across >= WORD_LABELS_STEP && across < LEVEL_LABELS_STEP ? -90 : 0,
        rows: record.title.count ? Array.from({ length: record.rows }, (_, i) => record.title.word(i)) : ["no title"],
        cell_font: down < 18 ? 10 : 11,
      };
    }

    function numbersAllowed() {
      return mode === "sentences" || columns().length <= NUMBERS_MOST;
    }

    /* ---- drawing ---- */

    function specification() {
      const spec = JSON.parse(JSON.stringify(sitegen.heatmapSpec));
      const values = signals();
      for (const param of spec.params) param.value = values[param.name];
      spec.width.step = values.x_step;
      spec.height.step = values.y_step;
      spec.description = root.dataset.description;
      const cells = [];
      for (let t = 0; t < record.rows; t += 1)
        columns().forEach((column, a) => {
          const p = record.probability(t, column.word);
          cells.push({ t, a, p, number: sitegen.numbers.cell(p) });
        });
      spec.datasets = { cells };
      return spec;
    }

    async function draw() {
      begin(root);
      hide();
      root.dataset.drawn = mode; // shows the region, whose width is measured next
      if (result) result.finalize();
      result = await sitegen.embed(stage, specification(), { tooltip: false });
      root.view = result.view;
      settle();
    }

    async function fit() {
      begin(root);
      hide();
      for (const [name, value] of Object.entries(signals())) result.view.signal(name, value);
      await result.view.runAsync();
      settle();
    }

    /* After the view has run: where the cells are now. */
    function settle() {
      const view = result.view;
      const canvas = stage.querySelector("canvas").getBoundingClientRect();
      const frames = part("frames").getBoundingClientRect();
      const [left, top] = view.origin();
      const padding = view.padding();
      place = {
        // all in pixels: the grid's corner in the canvas, the canvas's in the frames' layer, and a cell's size
        inCanvas: { left: left + padding.left, top: top + padding.top },
        shift: { left: canvas.left - frames.left, top: canvas.top - frames.top },
        across: view.signal("x_step"),
        down: view.signal("y_step"),
      };
      numbersBox.checked = view.signal("numbers");
      numbersBox.disabled = !numbersAllowed();
      end(root);
    }

    /* Steps of drawing happen one after the other, whatever the reader clicks meanwhile. Should one fail, the static
       figure stands again. */
    let last = Promise.resolve();
    function later(step) {
      last = last.then(step).catch((error) => {
        delete root.dataset.drawn;
        window.console.error(error);
      });
    }

    /* ---- pointing ---- */

    function frame(name, from, count, vertical) {
      const element = part(name);
      element.hidden = from === null;
      if (from === null) return;
      const { inCanvas, shift, across, down } = place;
      const box = vertical
        ? [inCanvas.left + from * across, inCanvas.top, count * across, record.rows * down]
        : [inCanvas.left, inCanvas.top + from * down, columns().length * across, down];
      // Around the cells, not upon them: a column of words may be no wider than the frame's own lines.
      element.style.left = `${shift.left + box[0] - LINE}px`;
      element.style.top = `${shift.top + box[1] - LINE}px`;
      element.style.width = `${box[2] + 2 * LINE}px`;
      element.style.height = `${box[3] + 2 * LINE}px`;
    }

    /* Frame a row and columns `from`..`to` (null: none), and mark what they add in the text. */
    function show(row, from, to) {
      frame("row", row, 1, false);
      frame("column", from, to - from + 1, true);
      const sentence = from !== null && mode === "sentences" && record.sentences ? from : null;
      const first = from === null ? null : columns()[from].first;
      marks.show({ row, first, word: from === null ? null : columns()[to].word, sentence });
    }

    function hide() {
      selected = null;
      part("row").hidden = true;
      part("column").hidden = true;
      marks.clear();
      tooltip.hide();
      status.textContent = "";
    }

    function tell(row, column) {
      status.textContent = tooltip.sentence(row, column, columns(), mode);
    }

    function cellAt(event) {
      if (event.target.tagName !== "CANVAS" || !place) return null;
      const column = Math.floor((event.offsetX - place.inCanvas.left) / place.across);
      const row = Math.floor((event.offsetY - place.inCanvas.top) / place.down);
      return row >= 0 && row < record.rows && column >= 0 && column < columns().length ? { row, column } : null;
    }

    function point(event) {
      const cell = cellAt(event);
      if (!cell) return hide();
      if (!selected || cell.row !== selected.row || cell.column !== selected.column) {
        selected = cell;
        show(cell.row, cell.column, cell.column);
        tooltip.fill(cell.row, cell.column, columns(), mode);
      }
      tooltip.moveTo(event.clientX, event.clientY);
    }

    region.addEventListener("pointermove", point);
    region.addEventListener("pointerdown", point);
    region.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") hide(); // a finger leaves at once; what it touched stays
    });
    document.addEventListener("pointerdown", (event) => {
      if (!region.contains(event.target)) tooltip.hide();
    });
    region.addEventListener("scroll", () => tooltip.hide());

    marks.on((found) => {
      if (!place) return;
      if (!found) return hide();
      tooltip.hide();
      if (found.field === "title") return show(found.word, null, null);
      const sentence = "sentence" in found ? found.sentence : record.sentenceOf(found.word);
      const range = "sentence" in found ? record.columns.sentences[sentence] : { first: found.word, word: found.word };
      const [from, to] = mode === "sentences" ? [sentence, sentence] : [range.first, range.word];
      show(null, from, to);
      if ("sentence" in found) tell(record.rows - 1, to);
      else marks.show({ row: null, ...range, sentence: null });
    });

    /* ---- keyboard ---- */

    const MOVES = {
      ArrowLeft: (row, column) => [row, column - 1],
      ArrowRight: (row, column) => [row, column + 1],
      ArrowUp: (row, column) => [row - 1, column],
      ArrowDown: (row, column) => [row + 1, column],
      Home: (row) => [row, 0],
      End: (row) => [row, columns().length - 1],
    };

    function keepInSight(column) {
      const left = place.shift.left + place.inCanvas.left + column * place.across;
      if (left < region.scrollLeft) region.scrollLeft = left;
      if (left + place.across > region.scrollLeft + region.clientWidth)
        region.scrollLeft = left + place.across - region.clientWidth;
    }

    region.addEventListener("keydown", (event) => {
      if (event.key === "Escape") return hide();
      const move = MOVES[event.key];
      if (!move || event.ctrlKey || event.metaKey || event.altKey || !place) return;
      event.preventDefault();
      const whole = [record.rows - 1, columns().length - 1];
      const [row, column] = selected ? move(selected.row, selected.column) : event.key === "Home" ? [whole[0], 0] : whole;
      selected = {
        row: Math.min(whole[0], Math.max(0, row)),
        column: Math.min(whole[1], Math.max(0, column)),
      };
      tooltip.hide();
      show(selected.row, selected.column, selected.column);
      keepInSight(selected.column);
      tell(selected.row, selected.column);
    });
    region.addEventListener("focusout", hide);

    /* ---- controls ---- */

    part("columns").hidden = record.sentences < 2; // one sentence: nothing to choose
    made += 1;
    for (const button of part("columns").querySelectorAll("input")) {
      button.name = `heatmap-columns-${made}`; // the buttons of one heatmap are one choice
      button.checked = button.value === mode;
      button.addEventListener("change", () => {
        mode = button.value;
        later(draw);
      });
    }
    numbersBox.addEventListener("change", () => {
      numbers[mode] = numbersBox.checked;
      later(fit);
    });

    let width = 0;
    let timer = 0;
    new ResizeObserver(() => {
      if (root.clientWidth === width) return;
      const first = width === 0;
      width = root.clientWidth;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => later(result ? fit : draw), first ? 0 : 150);
    }).observe(root);
    sitegen.onColours(() => later(draw));
  };

  const roots = document.querySelectorAll(".heatmap");
  roots.forEach(begin);
  roots.forEach(sitegen.heatmap);
})();
