/* Where sentences end, as the model's texts were cut: the splitter "nupunkt" of sitegen/corpus/sentences.py, which is the
   Punkt algorithm of Kiss and Strunk (2006) as the library of that name has it, and the three rules around it.

   sitegen.live.splitters.nupunkt(text) gives the places where a sentence begins, but the first one's, in UTF-16 units of
   `text`. Its lists are those of the library that the site was built with: sitegen.liveTables.sentences
   (sitegen/corpus/cutting.py), read when a text is first cut:

     abbreviations   what a stop belongs to                    ending     those of them that end a sentence before a capital
     starters        words that begin sentences                titles     what stands before a name and ends none
     pairs           { word: words }: no sentence ends between the two
     going           words that go on after three dots          digits     what counts as a digit and is no decimal

   The steps, each as the library takes it:

   1. Candidates: every . ? ! or … with a blank, a bracket or a closing mark behind it. What lies around it up to the next
      blanks, on both sides, decides. Candidates without a blank between them are decided together, at the last of them.
   2. What is around is cut into Punkt's words. A stop that is no abbreviation's ends the sentence; the word behind it
      can say otherwise.
   3. Closing quotes and brackets behind the cut go to the sentence before it.

   All classes of characters are Python's: its \s, \w and \d are not a script's. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const live = (sitegen.live = sitegen.live || {});

  const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"; // Python's \s
  const LETTER = "[\\p{L}\\p{Nl}\\p{No}]"; // Python's [^\W\d_]
  const SMALL = "(?:(?![A-Z])[\\p{L}\\p{N}])"; // Python's [^\W_A-Z]
  const CLOSING = "\"')*\\]}\\u201d\\u2019\\u00bb";
  const ENDS_WORD = `(?:[)";}\\]*:@({\\[?!\\u201d\\u00bb${BLANK}]|['\\u2019](?!${LETTER}))`;
  const MARKS = `(?:-{2,}|\\.{2,}|(?:\\.[${BLANK}]+)+\\.|\\u2026)`;
  const pattern = (text, flags = "") => new RegExp(text, `u${flags}`);

  const CANDIDATE = pattern(
    `[.?!\\u2026](?=${ENDS_WORD})(?!(?<=\\.)[${BLANK}]+\\.)(?=([${CLOSING}]*)([${BLANK}]*[^${BLANK}]*))`,
    "g",
  );
  const WORD = pattern(
    `${MARKS}|(?![("\`{\\[:;&#*@)}\\]\\-,])[^${BLANK}]+?(?=$|${ENDS_WORD}|${MARKS}|,(?=$|${ENDS_WORD}|${MARKS}))|[^${BLANK}]`,
    "g",
  );
  const SURE = pattern(`[!?][${BLANK}](?=${LETTER})`);
  const NUMBER = pattern("^-?[.,]?\\p{Nd}[\\p{Nd},.\\-]*$");
  const INITIAL = pattern("^[\\p{L}\\p{Nl}\\p{No}_]\\.$"); // Python's [^\W\d]\.
  const DOTS = pattern(`\\.\\.$|\\u2026$|\\.[${BLANK}]+\\.[${BLANK}]+\\.`);
  const ENUMERATOR = pattern("^[ \\t]*\\(?(?:\\p{Nd}{1,3}|[A-Za-z]|[ivxlcIVXLC]{1,6})\\)?\\.$");
  const REALIGNED = pattern(`[${CLOSING}]+?(?:[${BLANK}]+|(?=--)|$)`, "y");
  const ALL_CLOSING = pattern(`^[${CLOSING}]*$`);
  const UPPER = pattern("^\\p{Uppercase}");
  const LOWER = pattern("^\\p{Lowercase}");

  /* The rules around the library: see sitegen/corpus/sentences.py. */
  const GLUED = pattern(`(?<=${SMALL}(?:${SMALL}|[)\\]%])[.?!])(?<!www\\.)(?=[A-Z][a-z]|[A-Z] )`, "g");
  const STOPPED = pattern(
    `[^${BLANK}(=][ ]?[.?!\\u2026][.?!\\u2026"'\\u2019\\u201d\\u00bb)\\]]*(?:\\[[\\p{Nd},${BLANK}\\u2013\\-]+\\])?[${BLANK}]*$`,
  );
  const GOES_ON = pattern(`[,;:)\\]]|(?<![${BLANK}])["'\\u201d\\u2019]`, "y");

  const NOTHING = 0; // what a word says of a sentence's end, by itself
  const ENDS = 1;
  const SHORT = 2; // an abbreviation
  const THREE_DOTS = 3;

  const isBlank = pattern(`[${BLANK}]`);
  const blankAt = (text, k) => k < text.length && isBlank.test(text[k]);
  const lowerAt = (text, k) => k < text.length && LOWER.test(String.fromCodePoint(text.codePointAt(k)));

  /* [start, end) of a text without the blanks at its edges, as Python strips them. */
  function trimmed(text, start, end) {
    while (start < end && blankAt(text, start)) start += 1;
    while (end > start && blankAt(text, end - 1)) end -= 1;
    return [start, end];
  }

  /* ---- what a word says ---- */

  let lists = null;

  function open() {
    const { sentences } = sitegen.liveTables;
    const set = (words) => new Set(words.split(" "));
    lists = {
      ...Object.fromEntries(["abbreviations", "ending", "starters", "titles", "going"].map((name) => [name, set(sentences[name])])),
      pairs: new Map(Object.entries(sentences.pairs).map(([word, words]) => [word, set(words)])),
      letters: pattern(`^(?:[.'\\u2019&]|\\p{L}|[\\p{Nd}${sentences.digits}])*$`),
      digits: pattern(`[\\p{Nd}${sentences.digits}]`, "g"),
    };
  }

  const kindOf = (word) => (NUMBER.test(word) ? "##number##" : word.toLowerCase());
  const bare = (kind) => (kind.length > 1 && kind.endsWith(".") ? kind.slice(0, -1) : kind);
  const many = (word, all) => (word.match(all) || []).length;

  /* Letters, digits and stops, and no more digits than letters. */
  function mayBeShort(word) {
    if (kindOf(word) === "##number##" || !lists.letters.test(word)) return false;
    const letters = many(word, /\p{L}/gu);
    return letters > 0 && letters >= many(word, lists.digits);
  }

  function isShort(name) {
    const { abbreviations } = lists;
    if (abbreviations.has(name)) return true;
    if (name.includes("-") && abbreviations.has(name.slice(name.lastIndexOf("-") + 1))) return true;
    return name.includes(".") && abbreviations.has(name.replaceAll(".", ""));
  }

  function outcomeOf(word) {
    if (word === "." || word === "?" || word === "!") return ENDS;
    if (DOTS.test(word)) return THREE_DOTS;
    if (!word.endsWith(".")) return NOTHING;
    return mayBeShort(word) && isShort(word.slice(0, -1).toLowerCase()) ? SHORT : ENDS;
  }

  /* Whether a sentence ends after a word that has `next` behind it. */
  function ends(word, outcome, next, { newParagraph }) {
    const capital = UPPER.test(next);
    if (outcome === THREE_DOTS) return capital && !lists.going.has(next);
    if (!word.endsWith(".")) return outcome === ENDS;
    const kind = bare(kindOf(word));
    const nextKind = outcomeOf(next) === ENDS ? bare(kindOf(next)) : kindOf(next);
    if (newParagraph && capital) return true;
    if (outcome === SHORT && lists.titles.has(kind) && capital) return false;
    if (lists.pairs.has(kind) && lists.pairs.get(kind).has(nextKind)) return false;
    const initial = INITIAL.test(word);
    if (outcome === SHORT && !initial && capital && (lists.ending.has(kind) || lists.starters.has(nextKind))) return true;
    if (initial || kind === "##number##") {
      if (/^[;:,.!?]$/.test(next) || LOWER.test(next)) return false;
      if (initial && capital) return false;
    }
    return outcome === ENDS;
  }

  /* ---- what lies around a candidate ---- */

  const wordsOf = (line) => line.match(WORD) || [];

  function endsWithin(before, after) {
    if (/[!?]/.test(before) && SURE.test(before + after)) return true;
    const own = before.split("\n").reduce((sum, line) => sum + wordsOf(line).length, 0);
    if (!own) return false;
    const words = []; // but those of closing marks alone, and one of what comes after
    let seen = 0;
    let newParagraph = false;
    for (const line of (before + after).split("\n")) {
      const [start, end] = trimmed(line, 0, line.length);
      if (start === end) newParagraph = true;
      else
        for (const word of wordsOf(line)) {
          seen += 1;
          if (ALL_CLOSING.test(word)) continue;
          words.push({ word, newParagraph, own: seen <= own });
          newParagraph = false;
          if (seen > own) break;
        }
      if (words.length && !words[words.length - 1].own) break;
    }
    return words.some(({ word, own: decides }, k) => {
      if (!decides) return false;
      const outcome = outcomeOf(word);
      if (outcome === NOTHING) return false;
      const next = words[k + 1];
      return next ? ends(word, outcome, next.word, next) : outcome === ENDS;
    });
  }

  /* The place behind the last blank of text[start..end), or 0. */
  function behindBlank(text, start, end) {
    for (let k = end - 1; k >= start; k -= 1) if (blankAt(text, k)) return k + 1;
    return 0;
  }

  /* Where a run of stops with blanks between them begins that ends at `at`. */
  function runBefore(text, at) {
    let start = at;
    for (;;) {
      let k = start - 1;
      while (k >= 0 && blankAt(text, k)) k -= 1;
      if (k < 0 || k >= start - 1 || text[k] !== ".") return start;
      start = k;
    }
  }

  /* { at, before, after }: the candidates, and what lies around them. */
  function candidates(text) {
    const all = [];
    let last = null; // { at, from, split, to }
    const keep = () => all.push({ at: last.at, before: text.slice(last.from, last.split), after: text.slice(last.split, last.to) });
    for (const match of text.matchAll(CANDIDATE)) {
      const at = match.index;
      const [was, wasFrom] = last ? [last.at, last.from] : [0, 0];
      const behind = behindBlank(text, was, at);
      let from = behind > was + 1 ? behind : wasFrom;
      if (at > 1 && blankAt(text, at - 1)) {
        const run = runBefore(text, at);
        if (run < at) {
          const [, end] = trimmed(text, was, run);
          const word = behindBlank(text, was, end);
          from = Math.min(from, word - was > 1 ? word : wasFrom);
        }
      }
      if (last && was <= from) keep();
      const split = at + 1 + match[1].length;
      last = { at, from, split, to: split + match[2].length };
    }
    if (last) keep();
    return all;
  }

  /* "1." or "(a)." at the beginning of a line. */
  function numbersLine(text, at) {
    let least = at;
    for (let k = 0; k < 12 && least > 0; k += 1) least -= /[\udc00-\udfff]/.test(text[least - 1]) && least > 1 ? 2 : 1;
    const line = text.lastIndexOf("\n", at - 1);
    return (line >= least || !least) && ENUMERATOR.test(text.slice(line + 1, at + 1));
  }

  function goesOn(text, at) {
    const after = at + 1;
    if (text[at] === "." && numbersLine(text, at)) return true;
    if (text[after] === "!" || text[after] === "?") return true;
    let k = after;
    while (text[k] === " " || text[k] === "\t") k += 1;
    const mark = (place) => text[place] === "!" || text[place] === "?";
    if (k > after && mark(k) && (k + 1 === text.length || blankAt(text, k + 1) || mark(k + 1))) return true;
    if (!/["')*\]}\u201d\u2019\u00bb]/.test(text[after] || "")) return false;
    for (k = after; /["')*\]}\u201d\u2019\u00bb]/.test(text[k] || ""); ) k += 1;
    while (text[k] === " " || text[k] === "\t") k += 1;
    return lowerAt(text, k);
  }

  /* Where Punkt's sentences begin, but the first. */
  function punkt(text) {
    const [, end] = trimmed(text, 0, text.length);
    const slices = [];
    let from = 0;
    for (const { at, before, after } of candidates(text)) {
      if (goesOn(text, at) || !endsWithin(before, after)) continue;
      slices.push([from, at + 1]);
      for (from = at + 1; from < text.length && blankAt(text, from); ) from += 1;
    }
    if (from < end) slices.push([from, end]);
    const starts = [];
    let moved = 0;
    slices.forEach(([begin, stop], k) => {
      const start = begin + moved;
      const next = slices[k + 1];
      REALIGNED.lastIndex = next ? next[0] : 0;
      const closing = next && REALIGNED.exec(text.slice(0, next[1]));
      moved = closing ? closing[0].length : 0;
      if (closing || stop > start) starts.push(start);
    });
    return starts.slice(1);
  }

  live.splitters = {
    nupunkt(text) {
      if (!lists) open();
      const places = new Set(punkt(text));
      for (const match of text.matchAll(GLUED)) places.add(match.index);
      const cuts = [];
      let begin = 0;
      for (const cut of [...places].sort((one, other) => one - other)) {
        if (cut >= text.length || !STOPPED.test(text.slice(begin, cut))) continue;
        GOES_ON.lastIndex = cut;
        if (GOES_ON.test(text)) continue;
        cuts.push(cut);
        begin = cut;
      }
      return cuts;
    },
  };
  live.trimmed = trimmed;
  live.blankAt = blankAt;
  live.BLANK = BLANK;
})();
