/* The numbers of a record as a file for people and programs.

   sitegen.recordFile(shown, about, model) is the text of a JSON file: what the model says of the record, of its title and
   abstract and of each of their words and sentences, the prefix grid, and what the reader has taken out. Names are those of
   the site's data files; "about" in the file explains them. Everything comes from the page itself. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const DIGITS = 9; // that float32 needs
  const LINE = 240; // characters that stay on one line

  const { one } = sitegen.nouns; // what the site calls a record
  const EXPLAINED = {
    probability: "of the positive class, 0 to 1: 1 / (1 + exp(-margin)). The positive class is predicted from threshold on",
    margin: "log-odds of the positive class",
    path: "the probability of nothing, of the title alone, of the abstract alone, and of both",
    start: "where a word or a sentence begins in its text, in characters (Unicode code points) from 0; end: the first after it",
    known: "whether the word is in the model's vocabulary; it skips others",
    alone_probability: "the probability of a word or a sentence read by itself",
    leave_one_out: `margin of the whole ${one} minus margin without the word or the sentence, in log-odds`,
    without: `the probability of the ${one} without it`,
    share_change: "Shapley value of a sentence of the abstract, in probability; null where it was not computed",
    mark: "what the test says of the sentence read alone; empty: nothing",
    sentence: "of a word of the abstract: the number of its sentence, from 1",
    grid:
      "probability[i][j]: of the title up to word i and the abstract up to word j, from 0 (an empty text has one empty " +
      "prefix); title_alone[i]: of the title up to word i without an abstract",
    taken_out:
      "what the reader took out of the text, and the answer then; null: nothing. All else in this file is of the text as " +
      "written. share_change: of the sentences that are left, among themselves; null where it was not computed",
  };

  const WITHHELD = {
    text: "of the abstract not all words are published: a square stands in the place of one, and places are those in this text",
    word: "of a word that is not published: its number, from 1; its own numbers are null",
  };

  const digits = (value) => (value === null || value === undefined ? null : Number(value.toPrecision(DIGITS)));

  function words(record, field) {
    const text = record[field];
    return Array.from({ length: text.count }, (_, i) => ({
      word: text.word(i),
      start: text.spans[2 * i],
      end: text.spans[2 * i + 1],
      ...(field === "abstract" ? { sentence: record.sentenceOf(i) + 1 } : {}),
      known: text.known(i),
      alone_probability: digits(text.alone[i]),
      leave_one_out: digits(text.effects[i]),
      without: digits(record.without(text.effects[i])),
    }));
  }

  function sentences(record) {
    return record.sentences.map(({ alone, without, share, mark }, s) => {
      const [start, end] = record.sentenceSpans.slice(2 * s, 2 * s + 2);
      return {
        sentence: s + 1,
        text: record.abstract.slice(start, end),
        start,
        end,
        alone_probability: digits(alone),
        share_change: digits(share),
        leave_one_out: digits(record.effects[s]),
        without: digits(without),
        mark: mark.split(" ").slice(1).join(" "),
      };
    });
  }

  function takenOut({ record, out, sizes }) {
    if (!out || !out.changed) return null;
    const { whole } = out.strikes.answer(out.state);
    return {
      title: out.state.title,
      sentences: [...out.state.sentences].sort((one, other) => one - other).map((s) => s + 1),
      line: out.strikes.line(out.state),
      probability: digits(whole),
      predicted: record.classes[Number(whole >= record.threshold)],
      share_change: sizes && sizes.map(digits),
    };
  }

  const simple = (value) => value === null || typeof value !== "object";

  /* JSON for people: what is short stays on one line, and so does a row of numbers. */
  function written(value, indent = "") {
    const line = JSON.stringify(value);
    if (simple(value)) return line;
    if (Object.values(value).every(simple) && (Array.isArray(value) || line.length <= LINE)) return line;
    const inner = `${indent}  `;
    const lines = Array.isArray(value)
      ? value.map((one) => inner + written(one, inner))
      : Object.entries(value).map(([name, one]) => `${inner}${JSON.stringify(name)}: ${written(one, inner)}`);
    const [open, close] = Array.isArray(value) ? "[]" : "{}";
    return `${open}\n${lines.join(",\n")}\n${indent}${close}`;
  }

  sitegen.recordFile = function (shown, about, model) {
    const { record } = shown;
    const { prefixes, ...margins } = record.path; // which are grid.title_alone
    const path = Object.entries(margins).map(([name, margin]) => [name, digits(sitegen.numbers.probability(margin))]);
    const upTo = (n) => Array.from({ length: n }, (_, k) => k);
    const withheld = upTo(record.abstract.count).some(record.abstract.withheld);
    const value = {
      about: withheld ? { ...EXPLAINED, ...WITHHELD } : EXPLAINED,
      site: about.site,
      address: about.address || null,
      made_with: `sitegen ${about.version}`,
      model,
      id: about.record,
      classes: { negative: record.classes[0], positive: record.classes[1] },
      threshold: record.threshold,
      label: about.label === null ? null : record.classes[about.label],
      predicted: record.classes[Number(record.whole >= record.threshold)],
      probability: digits(record.whole),
      margin: digits(record.margin),
      path: Object.fromEntries(path),
      taken_out: takenOut(shown),
      title: { text: record.title.text, words: words(record, "title") },
      abstract: { text: record.abstract.text, sentences: sentences(record), words: words(record, "abstract") },
      grid: {
        ...(record.bySentences ? { known: "where sentences end: all words of a sentence have what is known at its end" } : {}),
        title_alone: upTo(record.rows).map((row) => digits(record.probability(row, -1))),
        probability: upTo(record.rows).map((row) => upTo(record.words).map((word) => digits(record.probability(row, word)))),
      },
    };
    return `${written(value)}\n`;
  };
})();
