/* What the figure of a record draws: its columns, and the rows of every data set of its specification.

   sitegen.strips(record) gives
     ruler                             what the ruler below the curve counts: "sentence", or "word" where there is one
     columns({ mode, opened })         the columns of a picture, in the order of reading, the title alone first
     datasets(columns, { width, numbers, room, sizes, struck })
                                       what the specification's named data are (sitegen/web/charts/heatmap.py), for a plot
                                       `width` pixels wide with `room` pixels at its right; sizes: the sentences' bars
                                       where the reader took something out, null for none; struck: the sentences that
                                       are out, over which no name of a word stands
     scales(columns, sizes)            its parameters, the ends of its scales
     scale(columns, width)             from words of the abstract to pixels

   sitegen.stripHeights(record, row)   in pixels, from the curve down, where the heatmap's rows are `row` high: what is about
                                       sentences has none where there are none

   A column is { first, word, x, x2, sentence, whole }: the abstract read up to and including `word`, of which it adds
   `first` to `word`; from x to x2 on the axis of words; `whole` where it stands for its sentence as one. The title alone
   is the column of word -1. In mode "words" every word has its column, in mode "sentences" every sentence, but for those
   in the set `opened`, which show their words. Where two sentences meet, their cells blend over the width of a word. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const LETTER = 6.6; // pixels, of a bold letter of 11 pixels
  const THIN = 6; // pixels, of a letter of 11 pixels that is not bold
  const DIGIT = 5.8; // pixels, of a number in a cell
  const APART = 5; // pixels, on either side of a label
  const BETWEEN = 2; // pixels, between the numbers of two cells
  const CLOSE = 0.2; // of the probability: a word as near to the curve's end would lie over its number
  const LOWEST = 0.2; // of the probability: below a point of the curve this low there is no room for a name
  const BLENDS = 4; // steps between two sentences
  const LEAST = [1.5, 0.3]; // words: the title's column and the gap behind it

  /* The lines across the curve, and what is written beside them. */
  sitegen.levels = (threshold) => [
    { p: 0, text: "0%" },
    { p: threshold, text: `${Number((100 * threshold).toPrecision(6))}%` },
    { p: 1, text: "100%" },
  ];

  sitegen.stripHeights = function (record, row) {
    const [curve, ruler, , shares] = sitegen.figure.layout.heights;
    return [curve, record.sentences.length ? ruler : 0, row * record.rows, record.sentences.length ? shares : 0];
  };

  /* A scale warns of data without rows, so there is a row that shows nothing. */
  const some = (rows, nothing) => (rows.length ? rows : [nothing]);

  const ease = (f) => f * f * (3 - 2 * f);

  /* Those of the labels { middle, half }, in pixels, for which there is room, the first ones first; each within its
     bounds, [least, most], if need be beside its place. */
  function placed(labels, bounds) {
    const taken = [];
    for (const label of labels) {
      const [least, most] = bounds(label);
      const middle = Math.max(least + label.half, Math.min(most - label.half, label.middle));
      if (taken.every((other) => Math.abs(other.middle - middle) >= other.half + label.half))
        taken.push({ ...label, middle });
    }
    return taken;
  }

  sitegen.strips = function (record) {
    const { layout } = sitegen.figure;
    const [broad, gap] = layout.titleOnly.map((share, k) => Math.max(LEAST[k], share * record.words));

    const words = Array.from({ length: record.words }, (_, word) => word);

    function columns({ mode, opened }) {
      if (!record.abstract.count) return [{ first: 0, word: 0, x: 0, x2: 1, sentence: null, whole: true }];
      const list = [{ first: -1, word: -1, x: -broad - gap, x2: -gap, sentence: null, whole: true }];
      record.sentences.forEach(({ first, end }, sentence) => {
        if (mode === "sentences" && !opened.has(sentence))
          list.push({ first, word: end - 1, x: first, x2: end, sentence, whole: true });
        else
          for (let word = first; word < end; word += 1)
            list.push({ first: word, word, x: word, x2: word + 1, sentence, whole: false });
      });
      return list;
    }

    function scale(list, width) {
      const [from, to] = [list[0].x, list[list.length - 1].x2];
      const at = (x) => Math.round(((x - from) / (to - from)) * width);
      at.back = (pixels) => from + (pixels * (to - from)) / width;
      return at;
    }

    /* The rectangles of one row, in the order of its columns: { x, x2, p }. */
    function row(t, list) {
      const shown = list.map((column) => ({ ...column, p: record.probability(t, column.word) }));
      const cells = [];
      const blend = (one) => one.whole && one.word >= 0;
      shown.forEach((one, k) => {
        const [before, after] = [shown[k - 1], shown[k + 1]];
        const half = Math.min(0.5, (one.x2 - one.x) / 4);
        const left = before && blend(before) && blend(one) ? half : 0;
        const right = after && blend(after) && blend(one) ? half : 0;
        cells.push({ x: one.x + left, x2: one.x2 - right, p: one.p });
        if (!right) return;
        const [start, end] = [one.x2 - right, after.x + Math.min(0.5, (after.x2 - after.x) / 4)];
        const edge = (step) => (step === BLENDS ? end : start + ((end - start) * step) / BLENDS); // the next one's own
        for (let step = 0; step < BLENDS; step += 1)
          cells.push({
            x: edge(step),
            x2: edge(step + 1),
            p: one.p + (after.p - one.p) * ease((step + 0.5) / BLENDS),
          });
      });
      return cells;
    }

    /* The words named on the curve, those that matter most first, as far as there is room for them. */
    function turns(list, width, room, struck) {
      const at = scale(list, width);
      const last = record.rows - 1;
      const told = new Set(); // sentences that stand for their words, each once
      const isNew = (word) => {
        if (!record.abstract.withheld(word)) return true;
        const sentence = record.sentenceOf(word);
        return !told.has(sentence) && told.add(sentence);
      };
      const named = record.turns.filter(isNew).map((word) => {
        const p = record.probability(last, word);
        const rising = p > record.probability(last, word - 1);
        const name = record.abstract.withheld(word) ? `sentence ${record.sentenceOf(word) + 1}` : record.abstract.word(word);
        const text = `${name} ${rising ? "▲" : "▼"}`;
        return { p, rising, word: text, middle: at(word + 0.5), half: (LETTER * text.length) / 2 + APART };
      });
      const most = ({ p }) => (Math.abs(p - record.whole) < CLOSE ? width : width + room);
      const covered = ({ middle, half }) =>
        [...struck].some((s) => at(record.sentences[s].first) < middle + half && at(record.sentences[s].end) > middle - half);
      const shown = placed(named, (one) => [0, most(one)]).filter((one) => !covered(one));
      return shown.map((one) => {
        const reached = reach(one, at);
        const under = !one.rising && Math.min(...reached) > LOWEST;
        const p = under ? Math.min(...reached) : Math.max(...(one.rising ? reached : [one.p]));
        return { x: at.back(one.middle), p, word: one.word, side: under ? 1 : -1 };
      });
    }

    /* The curve from the beginning to the end of a name. */
    function reach({ middle, half }, at) {
      const [from, to] = [middle - half, middle + half].map((x) => Math.floor(at.back(x)));
      return words.slice(Math.max(0, from), to + 1).map((word) => record.probability(record.rows - 1, word));
    }

    /* Where there is but one sentence its words are named below the curve, in the place of its number, as far as there is
       room for them. */
    const one = record.sentences.length === 1 && !record.bySentences && words.some((word) => !record.abstract.withheld(word));
    function wordsOfOne(at, width) {
      if (!one) return [];
      const named = words.filter((word) => !record.abstract.withheld(word)).map((word) => {
        const text = record.abstract.word(word);
        return { word, text, middle: at(word + 0.5), half: (THIN * text.length) / 2 + BETWEEN };
      });
      return placed(named, () => [0, width]).map(({ text, middle }) => ({ x: at.back(middle), text }));
    }

    const shared = record.sentences.every(({ share }) => share !== null);
    const written = record.sentences.map(({ share, without }) => (shared ? share : record.whole - without));

    /* sizes: of what is left where the reader took something out, null for what is not known; or null: as written. */
    function sentences(list, width, sizes) {
      const at = scale(list, width);
      const within = () => [0, width];
      const label = (s, text) => {
        const { first, end } = record.sentences[s];
        return { s, text, middle: (at(first) + at(end)) / 2, half: (LETTER * text.length) / 2 + APART };
      };
      const bars = record.sentences.map(({ first, end, mark }, s) => {
        const size = sizes ? sizes[s] : written[s];
        const text = size === null ? "" : `${sitegen.numbers.points(size)}${mark ? ` ${mark[0]}` : ""}`;
        return { s, x: first, x2: end, middle: (first + end) / 2, size: size === null ? 0 : size, text };
      });
      const broad = [...bars].sort((one, other) => other.x2 - other.x - (one.x2 - one.x));
      const large = bars.filter(({ text }) => text).sort((one, other) => Math.abs(other.size) - Math.abs(one.size));
      const places = placed(broad.map(({ s }) => label(s, String(s + 1))), within);
      const labels = new Map(placed(large.map(({ s, text }) => label(s, text)), within).map((one) => [one.s, one]));
      const numbered = new Set(places.map(({ s }) => s));
      return bars.map(({ s, text, ...bar }) => ({
        ...bar,
        place: numbered.has(s) && !one ? String(s + 1) : "",
        label: labels.has(s) ? text : "",
        at: labels.has(s) ? at.back(labels.get(s).middle) : bar.middle,
      }));
    }

    /* The ends of the shares' scale: all bars and zero, as they are and as they were, and no less than SPAN; what is
       left of that lies above the bars, so that these stand by their numbers. */
    function extent(sizes) {
      const all = [0, ...written, ...(sizes || []).filter((size) => size !== null)];
      const [low, high] = [Math.min(...all), Math.max(...all)];
      const rest = Math.max(0, layout.span - (high - low));
      return [low, high + rest];
    }

    function scales(list, sizes) {
      const [least, most] = extent(sizes);
      return { start: list[0].x, stop: list[list.length - 1].x2, rows: record.rows, least, most };
    }

    /* Where a line parts two sentences: not where their cells blend. */
    function parted(list) {
      const meet = (one, before) => before && before.word >= 0 && one.sentence !== before.sentence;
      return list.filter((one, k) => meet(one, list[k - 1]) && !(one.whole && list[k - 1].whole)).map(({ x }) => ({ x }));
    }

    function datasets(list, { width, numbers, room, sizes = null, struck = [] }) {
      const at = scale(list, width);
      const last = record.rows - 1;
      const threshold = record.threshold;
      const curve = [];
      for (let word = record.abstract.count ? -1 : 0; word < record.words; word += 1) {
        const [x, x2] = word < 0 ? [list[0].x, list[0].x2] : [word, word + 1];
        curve.push({ x, x2, p: record.probability(last, word), from: threshold });
      }
      const line = curve.filter(({ x }) => x >= 0).map(({ x, p }) => ({ x, p }));
      line.push({ x: record.words, p: line[line.length - 1].p });
      const cells = [];
      const inks = [];
      for (let t = 0; t < record.rows; t += 1) {
        for (const cell of row(t, list)) cells.push({ t, t2: t + 1, ...cell });
        if (!numbers) continue;
        for (const { x, x2, word } of list) {
          const p = record.probability(t, word);
          const number = sitegen.numbers.cell(p);
          if (at(x2) - at(x) < DIGIT * number.length + BETWEEN) continue;
          inks.push({ t: t + 0.5, x: (x + x2) / 2, p, number });
        }
      }
      const named = list[0].word < 0 && at(list[0].x2) >= 5 * LETTER - 4;
      return {
        curve,
        line,
        turns: some(turns(list, width, room, struck), { x: 0, p: threshold, word: "", side: -1 }),
        end: [{ x: record.words, p: line[line.length - 1].p, text: `${sitegen.numbers.cell(record.whole)}%` }],
        levels: sitegen.levels(threshold),
        sentences: sentences(list, width, sizes),
        first: [{ x: named ? (list[0].x + list[0].x2) / 2 : 0, text: named ? (record.title.count ? "title" : "start") : "" }, ...wordsOfOne(at, width)],
        cells,
        numbers: some(inks, { t: 0.5, x: 0, p: threshold, number: "" }),
        ends: some(parted(list), { x: 0 }),
        last: [{ t: last, t2: last + 1, middle: last + 0.5, x: 0, x2: record.words }],
      };
    }

    return { ruler: one ? "word" : "sentence", columns, datasets, scales, scale };
  };
})();
