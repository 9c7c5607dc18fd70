/* Texts that a reader types, cut as the model's texts were cut (sitegen/corpus/segment.py): the title into words, the
   abstract into sentences and words.

   sitegen.live.cut(title, abstract, { splitter, stripTitle }) gives { title, abstract }, each

     text        as it was given            spans       [start, end, start, end, ...] of its words
     tokens      its words in small letters  sentences  [start, end, ...]        ends    words up to each sentence's end
     start       where the model begins to read: behind the title that an abstract repeats, if `stripTitle` says so

   splitter: the name of the model's. All places count code points, as everywhere in a page's data (record.js), while a
   script's strings count UTF-16 units.

   sitegen.live.countWords(text) counts words without cutting sentences, for texts that are too long. The words are those of
   the tokenizer "words" (sitegen/corpus/tokens.py): one regular expression in Python's classes of characters.

   Needs live-sentences.js before it. */
(function () {
  "use strict";
  const { live } = window.sitegen;
  const { BLANK, trimmed } = live;
  const pattern = (text, flags) => new RegExp(text, `u${flags}`);

  /* ---- words ---- */

  const NUMERAL = "\\p{Nd}"; // Python's \d
  const LETTER = "[\\p{L}\\p{N}]"; // Python's [^\W_]
  const SINGLE = "[\\p{L}\\p{Nl}\\p{No}]"; // Python's [^\W\d_]
  const WORDLIKE = "[\\p{L}\\p{N}_]"; // Python's \w
  const MARKED = `(?:${LETTER}[\\u0300-\\u036f]*)`;
  const WORDS = pattern(
    [
      `${NUMERAL}+(?:,${NUMERAL}{3}(?!${NUMERAL})|\\.${NUMERAL}+)+%?`,
      `(?<![\\p{L}\\p{N}_.])\\.${NUMERAL}+%?`,
      `${NUMERAL}+%`,
      `(?<!${LETTER})${SINGLE}(?:\\.${SINGLE})+(?!${WORDLIKE})`,
      `${MARKED}+(?:['\\u2019\\u2010\\u2011-]${MARKED}+)*`,
    ].join("|"),
    "g",
  );

  /* [start, end] of each word of text[start..end). What stands behind `end` is not looked at, what stands before is. */
  function wordsOf(text, start, end) {
    const seen = text.slice(0, end);
    const spans = [];
    WORDS.lastIndex = start;
    for (let match = WORDS.exec(seen); match; match = WORDS.exec(seen)) spans.push([match.index, WORDS.lastIndex]);
    return spans;
  }

  /* ---- a title that the abstract repeats: sitegen/corpus/texts.py ---- */

  const STOPS = ".?!\\u2026:;";
  const SHUT = "'\"\\u2019\\u201d\\u00bb)\\]";
  const SAME_LINE = `(?:(?![\\r\\n])[${BLANK}])`;
  const STOPPED = pattern(
    `${SAME_LINE}*[${SHUT}]*(?:[${STOPS}][${STOPS}${SHUT}]*[${BLANK}]*|${SAME_LINE}*[\\r\\n][${BLANK}]*)`,
    "y",
  );
  const UNSTOPPED = pattern(`[${STOPS}${SHUT} ]+$`, "");
  const MARKS = new Map(
    [["‘’‚‛`´′", "'"], ["“”„‟″«»", '"'], ["‐‑‒–—―−", "-"]].flatMap(([marks, plain]) => [...marks].map((mark) => [mark, plain])),
  );

  /* Python's casefold(), of one character: whatever two characters it makes equal, this makes equal. */
  const FOLDED = new Map([["ı", "ı"], ["ẞ", "ss"]]);
  const fold = (character) => FOLDED.get(character) ?? character.toUpperCase().toLowerCase();

  /* Each comparable character with the place it comes from; a run of blanks is one. */
  function* folded(text) {
    let blank = false;
    let at = 0;
    for (const character of text) {
      if (live.blankAt(character, 0)) {
        if (!blank) yield [" ", at];
        blank = true;
      } else {
        blank = false;
        for (const part of character.normalize("NFKC")) for (const one of fold(MARKS.get(part) ?? part)) yield [one, at];
      }
      at += character.length;
    }
  }

  function titleEnd(title, abstract) {
    const wanted = [...folded(title)].map(([character]) => character).join("");
    const named = [...wanted.slice(...trimmed(wanted, 0, wanted.length)).replace(UNSTOPPED, "")];
    if (!named.length) return 0;
    let position = 0;
    for (const [character, at] of folded(abstract.slice(0, trimmed(abstract, 0, abstract.length)[1]))) {
      if (position === 0 && character === " ") continue;
      if (position === named.length) {
        STOPPED.lastIndex = at;
        return STOPPED.test(abstract) ? STOPPED.lastIndex : 0;
      }
      if (character !== named[position]) return 0;
      position += 1;
    }
    return position === named.length ? abstract.length : 0;
  }

  /* ---- both together ---- */

  /* A field cut into its sentences, [start, end) each; one without a word joins a neighbour. */
  function segmented(text, sentences, start = 0) {
    const spans = [];
    const kept = [];
    const ends = [];
    let waiting = null;
    for (const [begin, end] of sentences) {
      const words = wordsOf(text, begin, end);
      if (words.length) {
        for (const span of words) spans.push(span);
        kept.push([waiting ?? begin, end]);
        ends.push(spans.length);
        waiting = null;
      } else if (kept.length) kept[kept.length - 1][1] = end;
      else waiting ??= begin;
    }
    const points = inPoints(text);
    return {
      text,
      tokens: spans.map(([from, to]) => text.slice(from, to).toLowerCase()),
      spans: spans.flat().map(points),
      sentences: kept.flat().map(points),
      ends,
      start: points(start),
    };
  }

  /* UTF-16 units -> code points. */
  function inPoints(text) {
    if (!/[\ud800-\udbff]/.test(text)) return (unit) => unit;
    const places = new Uint32Array(text.length + 1);
    let [unit, point] = [0, 0];
    for (const character of text) {
      places.fill(point, unit, unit + character.length);
      unit += character.length;
      point += 1;
    }
    places[unit] = point;
    return (one) => places[one];
  }

  live.cut = function (title, abstract, { splitter, stripTitle }) {
    const start = stripTitle ? titleEnd(title, abstract) : 0;
    const read = abstract.slice(start);
    const edges = [0, ...live.splitters[splitter](read), read.length];
    const sentences = edges.slice(1).map((end, k) => trimmed(abstract, start + edges[k], start + end));
    return {
      title: segmented(title, [trimmed(title, 0, title.length)]),
      abstract: segmented(abstract, sentences.filter(([from, to]) => from < to), start),
    };
  };
  live.countWords = (text) => wordsOf(text, 0, text.length).length;
})();
