/* The data of a figure, of a text that a reader types: what sitegen/web/pages/record/heatmap.py makes for a record's page,
   in the form that record.js describes.

   sitegen.typed.figure(cut, known, parts, settings) gives it, or null while too little is known.
     cut        the texts as live-text.js cuts them
     known      { title, abstract }: of each word whether the model knows it
     parts      what the model has said so far, by kind (live-questions.js)
     settings   the page's (try.js)
   The figure goes by words where the grid by words is known, else by sentences. What was not asked is NaN. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const typed = (sitegen.typed = sitegen.typed || {});

  const { probability: logistic } = sitegen.numbers;
  const unknown = (count) => new Array(count).fill(NaN);
  const last = (list) => list[list.length - 1];

  /* Of each word (of a text without words: once) the number of its sentence. */
  function sentencesOf(ends) {
    const all = [];
    ends.forEach((end, s) => {
      while (all.length < end) all.push(s);
    });
    return all.length ? all : [0];
  }

  /* The grid by words; of one by sentences all words of a sentence have what is known at its end. */
  function gridOf({ grid, "sentences-grid": coarse }, ends) {
    const found = grid || coarse;
    const columns = grid ? null : sentencesOf(ends);
    const more = grid ? {} : { sentences: true };
    if (found.additive) {
      const abstract = columns ? columns.map((s) => found.abstract[s]) : Array.from(found.abstract);
      return { title: Array.from(found.title), abstract, bias: found.bias, ...more };
    }
    const places = columns || Array.from({ length: found.columns }, (_, k) => k);
    const rows = Array.from({ length: found.rows }, (_, row) => row * found.columns);
    return { cells: rows.flatMap((row) => places.map((k) => Math.round(1e6 * logistic(found.margins[row + k])))), ...more };
  }

  /* The words that are named on the curve, as sitegen/web/pages/record/turns.py chooses them. */
  function turnsOf(grid, answer, threshold, { most, crossing, large }) {
    if (grid.sentences) return [];
    const height = grid.cells ? grid.cells.slice(-Math.max(1, grid.columns)).map((cell) => cell / 1e6) : null;
    const curve = height || grid.abstract.map((margin) => logistic(margin + last(grid.title) + grid.bias));
    const before = [logistic(answer.title), ...curve];
    const steps = curve.map((p, k) => {
      const size = Math.abs(p - before[k]);
      return { k, size, crosses: p >= threshold !== before[k] >= threshold && size >= crossing };
    });
    return steps
      .filter(({ size, crosses }) => crosses || size >= large)
      .sort((one, other) => other.crosses - one.crosses || other.size - one.size || one.k - other.k)
      .slice(0, most)
      .map(({ k }) => k);
  }

  /* What a reader may do with the figure: as partials/heatmap.html says it, of the texts that are there. */
  function invitationTo({ title, abstract }, { titled, text }) {
    if (!abstract.tokens.length) return "Downward the title grows, word by word. Point anywhere.";
    const left = titled && title.tokens.length ? "the title alone" : "the answer before anything is read";
    const down = title.tokens.length ? ", downward the title" : "";
    return `At the left ${left}; to the right the ${text} grows${down}. Point anywhere; click a sentence to take it out.`;
  }

  const digits = (known) => known.map(Number).join("");

  typed.figure = function (cut, known, parts, settings) {
    const { answer, alone, without, titles, words, shares } = parts;
    if (!answer || !alone || !without || !titles || !parts["sentences-grid"]) return null;
    const { title, abstract } = cut;
    const [t, n] = [title.tokens.length, abstract.ends.length];
    const grid = gridOf(parts, abstract.ends);
    const additive = !grid.cells;
    const a = Math.max(1, abstract.tokens.length);
    const rest = settings.titled ? "sentence, or the title," : "sentence";
    return {
      classes: settings.classes,
      threshold: settings.threshold,
      title: { spans: title.spans, known: digits(known.title) },
      abstract: { spans: abstract.spans, known: digits(known.abstract), ends: abstract.ends, sentences: abstract.sentences },
      grid,
      path: {
        empty: answer.empty,
        title: answer.title,
        prefixes: titles.alone.slice(0, -1),
        abstract: answer.abstract,
        whole: answer.margin,
      },
      words: {
        title: { without: words ? words.title : unknown(t), alone: alone.title },
        abstract: { without: words ? words.abstract : unknown(abstract.tokens.length), alone: alone.abstract },
      },
      sentences: {
        without: without.sentences,
        alone: alone.sentences,
        shares: shares ? shares.points : null,
        marks: new Array(n).fill(""),
      },
      strike: {
        margins: null,
        scale: 0,
        untitled: !known.title.includes(true) ? 0 : additive ? answer.abstract - answer.margin : null,
        replaced: false,
        why: n > 2 ? `Only one ${rest} can be taken out at a time here. To take out more, delete them in the field above.` : "",
      },
      turns: abstract.tokens.length ? turnsOf({ ...grid, columns: a }, answer, settings.threshold, settings.turns) : [],
      about: settings.about,
      invitation: invitationTo(cut, settings),
      ...(settings.titled ? {} : { text: settings.text }),
    };
  };
})();
