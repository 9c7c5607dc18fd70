/* The figure of a record: draws its strips, and ties them to the words of the text, to the readout and to the address.

   sitegen.heatmap(root, data, shared) makes the element `root` (partials/heatmap.html) a figure: of `data` (record.js), by
   the model that its data-model names. Every .heatmap of the page becomes one of the data that lies inside it, if there is any;
   several may share the page's text, and what is pointed at in one leaves the others as they are. The first is the page's
   own: it follows what is taken out of the text, with the answer panel, and is kept in the address. Another follows where
   it is given what is taken out, `shared`, with what its own model says of that (beside.js). root.view is Vega's
   view; root.figure what it draws; root.pin(row, word) keeps a cell in the readout, from 0 (word -1: the title alone);
   root.out is what is taken out (strikeout.js); root.shown() promises what picture.js draws; root.renew(data) makes
   it the figure of other data and of the text that the page has then: of the same text, what is out stays out. When all have drawn, the document element has data-ready="heatmap".

   A cell is the probability after so many words of the title (its row) and so much of the abstract (its column: a word or
   a sentence). Vega draws once; other columns, numbers or a new width are new data of the drawn view.

   Needs vega.js, heatmap-spec.js and the scripts of routes.py before it. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  if (!window.vegaEmbed) return;

  const CELLS = 6000; // of words: above it the picture starts with sentences
  const HEIGHT = (k) => `concat_${k}_height`; // the signal that is a strip's height

  const drawing = new Set(); // the figures that are not as they should be yet
  let made = 0; // figures on the page

  function begin(root) {
    drawing.add(root);
    delete document.documentElement.dataset.ready;
  }

  function end(root) {
    drawing.delete(root);
    if (!drawing.size) document.documentElement.dataset.ready = "heatmap";
  }

  sitegen.heatmap = function (root, given, shared = null) {
    const part = (name) => root.querySelector(`[data-part="${name}"]`);
    const region = part("region");
    const stage = part("stage");
    const numbersBox = part("numbers");
    const fields = {
      title: document.querySelector('[data-field="title"]'),
      abstract: document.querySelector('[data-field="abstract"]'),
    };
    const main = root === document.querySelector(".heatmap");
    const wanted = main ? sitegen.view.read() : { columns: null, numbers: null, cell: null, open: [], without: "" };
    const invitation = part("readout").querySelector('[data-say="answer"]').textContent;

    /* What is shown, of one text: other data make all of it anew. */
    let data, record, marks, strips, overlay, readout;
    let another = new AbortController(); // ends what listens to the text before
    function take(next) {
      another.abort();
      another = new AbortController();
      data = next;
      record = sitegen.readRecord(data, fields.title.textContent, fields.abstract.textContent);
      marks = sitegen.markText(record, fields);
      strips = sitegen.strips(record);
      overlay = sitegen.overlay(root, record, strips.ruler);
      readout = sitegen.readout(record, part("readout"), () => out, data.invitation || invitation);
    }
    take(given);

    let chosen = wanted.columns; // by the reader: "words", "sentences" or neither
    function modeOf(wish) {
      if (record.bySentences) return "sentences";
      if (record.sentences.length < 2) return "words";
      return wish || (record.rows * record.words > CELLS ? "sentences" : "words");
    }
    let mode = modeOf(chosen);
    const opened = new Set(wanted.open.filter((s) => s < record.sentences.length));
    const numbers = { words: false, sentences: true };
    if (wanted.numbers !== null) numbers[mode] = wanted.numbers;
    let pinned = null; // { row, word }: the cell that stays in the readout
    let columns = strips.columns({ mode, opened });
    let size = null; // { width, row, numbers, room }, as drawn
    let result = null; // what Vega-Embed gave
    let out = null; // what the reader has taken out

    /* ---- drawing ---- */

    const columnOf = (word) => columns.findIndex((column) => word >= column.first && word <= column.word);
    const isThere = ({ row, word }) => row < record.rows && columnOf(word) >= 0;
    const numbersAllowed = () => mode === "sentences" || columns.length <= sitegen.figureSize.numbersMost;

    function measure() {
      columns = strips.columns({ mode, opened });
      return sitegen.figureSize.of({ root, region, columns, rows: record.rows, numbers: numbersAllowed() && numbers[mode], words: mode === "words" });
    }

    function sizes() {
      if (!out || !out.changed) return null;
      return out.strikes.shares(out.state);
    }

    const datasets = () => strips.datasets(columns, { ...size, sizes: sizes(), struck: out?.state.sentences });
    const heights = () => sitegen.stripHeights(record, size.row).map((height, k) => [HEIGHT(k), height]);
    const ends = () => ({ ...strips.scales(columns, sizes()), ...Object.fromEntries(heights()) });

    async function draw() {
      begin(root);
      root.dataset.drawn = ""; // shows the region, whose width is measured next
      size = measure();
      const spec = JSON.parse(JSON.stringify(sitegen.figure.spec));
      spec.width = size.width;
      const signals = Object.entries(ends());
      for (const [name, value] of signals) spec.signals.find((signal) => signal.name === name).value = value;
      spec.padding = { ...sitegen.figureSize.padding };
      spec.description = root.dataset.description;
      if (window.devicePixelRatio % 1) sitegen.closeSeams(spec);
      const rows = datasets();
      for (const one of spec.data) if (rows[one.name]) one.values = rows[one.name];
      if (result) result.finalize();
      result = await sitegen.embed(stage, spec, { mode: "vega", actions: false, tooltip: false });
      root.view = result.view;
      settle();
      if (pinned && size) overlay.reveal(columns[columnOf(pinned.word)]);
    }

    /* Other columns, numbers or another width: the same view with other data. */
    async function refresh() {
      begin(root);
      size = measure();
      const { view } = result;
      view.width(size.width);
      for (const [name, value] of Object.entries(ends())) view.signal(name, value);
      for (const [name, rows] of Object.entries(datasets())) view.data(name, rows);
      await view.resize().runAsync(); // the strips may be of another height
      settle();
    }

    function settle() {
      if (!size) return; // another text came meanwhile, whose drawing is the next step
      const { view } = result;
      const canvas = stage.querySelector("canvas").getBoundingClientRect();
      const frames = part("frames").getBoundingClientRect();
      const [left, top] = view.origin();
      const { least, most } = strips.scales(columns, sizes());
      overlay.place({
        at: strips.scale(columns, size.width),
        from: columns[0].x,
        until: columns[0].x2,
        left: canvas.left - frames.left + left + view.padding().left,
        top: canvas.top - frames.top + top + view.padding().top,
        row: size.row,
        zero: most / (most - least),
      });
      root.dataset.drawn = mode;
      root.toggleAttribute("data-pinned", Boolean(pinned));
      root.figure = { record, columns, size, mode };
      numbersBox.checked = size.numbers;
      numbersBox.disabled = !numbersAllowed();
      rest();
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

    function remember() {
      if (!main) return;
      sitegen.view.write({
        columns: mode === modeOf(null) ? "" : mode,
        numbers: numbers[mode] === (mode === "sentences") ? "" : String(Number(numbers[mode])),
        cell: pinned ? `${pinned.row + 1}.${pinned.word + 1}` : "",
        open: mode === "sentences" ? [...opened].map((s) => s + 1).join() : "",
        without: out ? out.strikes.toText(out.state) : "",
      });
    }

    /* ---- pointing ---- */

    function show(row, k) {
      const column = columns[k];
      overlay.show(row, column.x, column.x2);
      const sentence = column.whole ? column.sentence : null;
      marks.show({ row, first: column.word < 0 ? null : column.first, word: column.word, sentence });
      readout.cell(row, column, columns[k - 1]);
    }

    /* Nothing is pointed at: the readout goes back to the cell that stays, if there is one. */
    function rest() {
      if (pinned) return show(pinned.row, columnOf(pinned.word));
      overlay.show(null, null, null);
      marks.clear();
      readout.rest();
    }

    function pin(row, word) {
      pinned = row === null ? null : { row, word };
      root.toggleAttribute("data-pinned", Boolean(pinned));
      remember();
    }

    /* For other scripts: the cell that stays from now on, and said to those who do not see it. */
    root.pin = function (row, word) {
      pin(row, word);
      rest();
      if (!size) return; // not drawn yet
      overlay.reveal(columns[columnOf(word)]);
      part("status").textContent = readout.text();
    };

    const under = (event) => (event.target.tagName === "CANVAS" && size ? overlay.under(event, columns) : null);

    function point(event) {
      const found = under(event);
      region.style.cursor = "";
      if (!found) return rest();
      const { sentence } = columns[found.k];
      const piece = found.strip === "ruler" || found.strip === "shares";
      region.style.cursor = piece && sentence !== null ? "pointer" : "crosshair";
      if (!piece || sentence === null) return show(found.row, found.k);
      pointSentence(sentence);
    }

    function pointSentence(s) {
      const { first, end: after } = record.sentences[s];
      overlay.show(null, first, after);
      marks.show({ row: null, first, word: after - 1, sentence: s });
      readout.sentence(s);
    }

    function open(sentence) {
      if (mode !== "sentences" || sentence === null) return;
      if (record.bySentences) return; // of its words nothing is known
      if (!opened.delete(sentence)) opened.add(sentence);
      later(refresh);
    }

    region.addEventListener("pointermove", point);
    region.addEventListener("pointerdown", point);
    region.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") rest(); // a finger leaves at once; what it touched stays
    });
    region.addEventListener("click", (event) => {
      const found = under(event);
      if (!found) return;
      const { sentence, word } = columns[found.k];
      if (found.strip === "ruler" || found.strip === "shares") return out && sentence !== null && out.toggle(sentence);
      const again = pinned && pinned.row === found.row && pinned.word === word && !(mode === "sentences" && sentence !== null);
      pin(again ? null : found.row, word);
      if (!again) overlay.uncover();
      open(sentence);
      remember();
    });

    function pointText(found) {
      if (!size) return;
      if (!found) return rest();
      if ("sentence" in found) return pointSentence(found.sentence);
      if (found.field === "title") overlay.show(found.word, null, null);
      else overlay.show(null, found.word, found.word + 1);
      const inTitle = found.field === "title";
      marks.show({ row: inTitle ? found.word : null, first: inTitle ? null : found.word, word: found.word, sentence: null });
      readout.word(found.field, found.word);
    }

    /* ---- keyboard ---- */

    const within = (value, most) => Math.min(most, Math.max(0, value));

    function go(row, k) {
      const [newRow, newK] = [within(row, record.rows - 1), within(k, columns.length - 1)];
      pin(newRow, columns[newK].word);
      show(newRow, newK);
      overlay.reveal(columns[newK]);
      part("status").textContent = readout.text();
    }

    sitegen.figureKeys(region, {
      drawn: () => size !== null,
      size: () => ({ rows: record.rows, columns: columns.length }),
      here: () => pinned && [pinned.row, columnOf(pinned.word)],
      go,
      leave() {
        pin(null);
        rest();
      },
      open: (k) => open(columns[k].sentence),
      strike: (k) => out && out.toggle(columns[k].sentence === null ? "title" : columns[k].sentence),
      done: remember,
    });

    /* ---- controls ---- */

    made += 1;
    const buttons = [...part("columns").querySelectorAll("input")];
    for (const button of buttons) {
      button.name = `heatmap-columns-${made}`; // the buttons of one figure are one choice
      button.addEventListener("change", () => {
        mode = chosen = button.value;
        later(refresh);
        remember();
      });
    }
    function offer() {
      part("columns").hidden = record.sentences.length < 2 || record.bySentences; // nothing to choose
      for (const button of buttons) button.checked = button.value === mode;
    }
    numbersBox.addEventListener("change", () => {
      numbers[mode] = numbersBox.checked;
      later(refresh);
      remember();
    });

    /* ---- what the reader takes out ---- */

    function beStruck(text) {
      out = root.out = shared || sitegen.strikeOut(record, fields, sitegen.strikesOf(record, data.strike), another.signal);
      const panel = main && document.querySelector('[data-part="answer"]');
      if (panel) root.answer = sitegen.answer(panel, record, out, another.signal);
      if (main) out.set(out.strikes.fromText(text));
      let struck = out.changed; // before the change that is told
      out.on(() => {
        overlay.strike(out.state, out.changed);
        if (result) later(refresh);
        remember();
        part("status").textContent = out.why || (out.changed ? out.strikes.line(out.state) : struck ? "All is back." : "");
        struck = out.changed;
      });
    }

    function listen(without) {
      offer();
      marks.on(pointText, another.signal);
      if (main || shared) beStruck(without);
    }
    listen(wanted.without);

    if (out) overlay.strike(out.state, out.changed);
    if (main) {
      sitegen.onPaper((on) => out.shelve(on));
      window.addEventListener("hashchange", ({ newURL }) => {
        if (new URL(newURL).hash.includes("=")) location.reload(); // another view was asked for in the address
        else remember(); // a place of the text was: the view stays in the address
      });
    }
    if (wanted.cell) {
      const [row, word] = wanted.cell;
      if (isThere({ row, word })) pinned = { row, word };
    }

    const shown = () => ({ record, strips, columns, size, mode, sizes: sizes(), out, description: root.dataset.description });
    root.shown = () => last.then(shown);
    sitegen.saveMenu(root, { about: data.about, shown: root.shown, linked: main });

    let width = 0;
    let timer = 0;
    new ResizeObserver(() => {
      if (root.clientWidth === width) return;
      const first = width === 0;
      width = root.clientWidth;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => later(result ? refresh : draw), first ? 0 : 150);
    }).observe(root);
    sitegen.onColours(() => later(draw));

    const textOf = ({ title, abstract, sentenceSpans }) => JSON.stringify([title.text, abstract.text, sentenceSpans]);

    root.renew = function (next) {
      const [text, without] = [textOf(record), out.strikes.toText(out.state)];
      take(next);
      mode = modeOf(chosen);
      for (const s of opened) if (s >= record.sentences.length) opened.delete(s);
      columns = strips.columns({ mode, opened });
      if (pinned && !isThere(pinned)) pinned = null;
      size = null;
      listen(textOf(record) === text ? without : ""); // more is known of the same text
      later(() => (result ? refresh() : draw()));
    };
  };

  const data = (root) => root.querySelector('[data-part="data"]');
  const roots = [...document.querySelectorAll(".heatmap")].filter(data);
  roots.forEach(begin);
  for (const root of roots) sitegen.heatmap(root, JSON.parse(data(root).textContent));
})();
