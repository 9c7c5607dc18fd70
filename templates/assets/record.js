/* The data of one record as its page carries it: tokens, sentences, the grid of probabilities, and what each piece says
   and did.

   sitegen.readRecord(data, titleText, abstractText) makes a record of the page's data (sitegen/web/pages/record/heatmap.py):

     data.classes    [negative, positive];  data.threshold: from which probability on positive is predicted
     data.title      { spans: [start, end, start, end, ...], known: "1101..." }: one pair and one digit per word
     data.abstract   the same, and ends: [words up to each sentence's end], sentences: [start, end, ...]; where words are
                     not published, withheld: "0011...", and their own numbers are NaN
     data.grid       { title: T log-odds, abstract: A log-odds, bias } where the model adds its parts up,
                     else { cells: [T x A integers, 0..1000000, row after row] }; in both sentences: true where the answer
                     is known at sentence ends alone: all words of a sentence then have what is known at its end
     data.path       { empty, title, abstract, whole }: log-odds of nothing, of the title alone, of the abstract alone,
                     of both, null where that is not known; prefixes: of the title alone up to each word but the last
     data.words      { title: { without, alone }, abstract: { without, alone } }: by word, in log-odds
     data.sentences  { without, alone: in log-odds; shares: of the probability, or null; marks: ["◆ clear", ""] }
     data.text       what the abstract is called where no text has a title; else it is not there
     data.turns      [words of the abstract that are named on the curve]
     data.invitation what the readout says while nothing is pointed at; where it is not there, what the page has
     data.about      what files that readers save say of themselves (save.js)

   A page whose reader types the text makes the same data in its scripts (try-figure.js).

   What the model was not asked is NaN in a record. Arrays of log-odds are base64 of little-endian float32, or arrays where
   a script made them. All places count characters as Unicode code points, while a JavaScript string counts UTF-16 units;
   every text is therefore cut in its array of code points. A text without words is one empty prefix: T and A are at least 1. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const SHOWN = 3; // words of a text that a phrase quotes, the last ones

  const known = (margin) => (margin === null ? NaN : margin);
  const { probability: logistic } = sitegen.numbers;

  function field(data, text, words) {
    const points = Array.from(text);
    const spans = data.spans;
    const count = spans.length / 2;
    const slice = (start, end) => points.slice(start, end).join("");
    const withheld = (i) => Boolean(data.withheld) && data.withheld[i] === "1";
    return {
      text,
      slice,
      count,
      length: points.length,
      spans,
      withheld,
      word: (i) => (withheld(i) ? `word ${i + 1}` : slice(spans[2 * i], spans[2 * i + 1])),
      known: (i) => data.known[i] === "1",
      effects: sitegen.decode.f32(words.without), // of each word's absence, in log-odds
      alone: Array.from(sitegen.decode.f32(words.alone), logistic), // the probability of each word by itself
      /* The text read up to and including word i: its last words, as written. */
      upTo(i) {
        if (!count || i < 0) return "";
        let first = Math.max(0, i + 1 - SHOWN);
        while (withheld(first)) first += 1; // of a sentence before, whose end is not published
        return (first ? "… " : "") + slice(spans[2 * first], spans[2 * i + 1]).replace(/\s+/g, " ");
      },
    };
  }

  /* The probability as a function of a row and a word; word -1 is the title alone. */
  function gridOf({ grid, path }, words) {
    const alone = Array.from([...sitegen.decode.f32(path.prefixes), known(path.title)], logistic);
    if (grid.cells) return (row, word) => (word < 0 ? alone[row] : grid.cells[row * words + word] / 1e6);
    const title = sitegen.decode.f32(grid.title);
    const abstract = sitegen.decode.f32(grid.abstract);
    return (row, word) => (word < 0 ? alone[row] : logistic(title[row] + abstract[word] + grid.bias));
  }

  sitegen.readRecord = function (data, titleText, abstractText) {
    const title = field(data.title, titleText, data.words.title);
    const abstract = field(data.abstract, abstractText, data.words.abstract);
    const rows = Math.max(1, title.count);
    const words = Math.max(1, abstract.count);
    const ends = data.abstract.ends;
    const probability = gridOf(data, words);
    const margin = data.path.whole;
    const effects = sitegen.decode.f32(data.sentences.without);
    const alone = sitegen.decode.f32(data.sentences.alone);
    const shares = data.sentences.shares === null ? null : sitegen.decode.f32(data.sentences.shares);

    function sentenceOf(word) {
      let s = 0;
      while (s < ends.length - 1 && word >= ends[s]) s += 1;
      return s;
    }

    return {
      classes: data.classes,
      titled: !data.text, // whether such texts have titles, this one or others
      called: data.text || "abstract", // what readers call the text beside a title, or without one
      threshold: data.threshold,
      title,
      abstract,
      rows,
      words,
      whole: logistic(margin),
      margin,
      probability,
      bySentences: Boolean(data.grid.sentences), // whether nothing is known of single words
      path: Object.fromEntries(["empty", "title", "abstract", "whole"].map((name) => [name, known(data.path[name])])),
      turns: data.turns,
      without: (effect) => logistic(margin - effect), // the probability where a piece of this effect is taken out
      sentenceOf,
      sentences: ends.map((end, s) => ({
        first: s ? ends[s - 1] : 0,
        end, // its words are first to end - 1
        alone: logistic(alone[s]),
        without: logistic(margin - effects[s]),
        share: shares && shares[s],
        mark: data.sentences.marks[s],
      })),
      effects,
      shares,
      sentenceSpans: data.abstract.sentences,
    };
  };
})();
