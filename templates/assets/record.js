/* The data of one record as its page carries it: tokens, sentences and the grid of probabilities.

   sitegen.readRecord(data, titleText, abstractText) makes a record of the page's data:

     data.classes    [negative, positive];  data.threshold: from which probability on positive is predicted
     data.title      { spans: [start, end, start, end, ...], known: "1101..." }: one pair and one digit per word
     data.abstract   the same, and ends: [words up to each sentence's end], sentences: [start, end, ...]
     data.grid       { title: [T log-odds], abstract: [A log-odds], bias } where the model adds its parts up,
                     else { cells: [T x A integers, 0..1000000, row after row] }

   All places count characters as Unicode code points, while a JavaScript string counts UTF-16 units; every text is
   therefore cut in its array of code points. A text without words is one empty prefix: T and A are at least 1. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const SHOWN = 9; // words of a text that a phrase quotes, the last ones

  function field(data, text) {
    const points = Array.from(text);
    const spans = data.spans;
    const count = spans.length / 2;
    const slice = (start, end) => points.slice(start, end).join("");
    return {
      count,
      length: points.length,
      spans,
      word: (i) => slice(spans[2 * i], spans[2 * i + 1]),
      known: (i) => data.known[i] === "1",
      /* The text read up to and including word i: its last words, as written. */
      upTo(i) {
        if (!count) return "(empty)";
        const first = Math.max(0, i + 1 - SHOWN);
        return (first ? "… " : "") + slice(spans[2 * first], spans[2 * i + 1]).replace(/\s+/g, " ");
      },
    };
  }

  sitegen.readRecord = function (data, titleText, abstractText) {
    const title = field(data.title, titleText);
    const abstract = field(data.abstract, abstractText);
    const rows = Math.max(1, title.count);
    const words = Math.max(1, abstract.count);
    const ends = data.abstract.ends;
    const grid = data.grid;

    function probability(row, word) {
      if (grid.cells) return grid.cells[row * words + word] / 1e6;
      return 1 / (1 + Math.exp(-(grid.title[row] + grid.abstract[word] + grid.bias)));
    }

    function sentenceOf(word) {
      let s = 0;
      while (s < ends.length - 1 && word >= ends[s]) s += 1;
      return s;
    }

    /* A column stands for the abstract read up to and including `word`; `first` is the first word it adds. */
    const byWord = Array.from({ length: words }, (_, word) => ({ first: word, word }));
    const bySentence = ends.map((end, s) => ({ first: s ? ends[s - 1] : 0, word: end - 1 }));

    return {
      classes: data.classes,
      threshold: data.threshold,
      title,
      abstract,
      rows,
      sentences: ends.length,
      sentenceSpans: data.abstract.sentences,
      sentenceOf,
      probability,
      columns: { words: byWord, sentences: bySentence },
    };
  };
})();
