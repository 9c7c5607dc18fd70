/* What a search means: words in any order, and between quotation marks words side by side. Case, accents and the kind of
   dash make no difference; within quotation marks a blank is found as a hyphen, too.

   sitegen.search.fold(text)        the text as it is compared
   sitegen.search.terms(typed)      what must be found, each { text, pattern, phrase }: the pattern is for folded text
   sitegen.search.finds(terms, text)  whether all are in a folded text
   sitegen.search.mark(element, text, terms)  puts a text into an element, what was found of it in <mark>
   sitegen.search.around(text, terms)  the words around what was found of it first */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const DASHES = /[\u2010-\u2015\u2212]/g;
  const QUOTES = /[\u201c\u201d\u201e\u201f\u00ab\u00bb]/g;

  const ASCII = /^[\0-\x7f]*$/; // most texts are, and need but a tenth of the work
  const letters = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(DASHES, "-");
  const plain = (text) => (ASCII.test(text) ? text.toLowerCase() : letters(text));
  const fold = (text) => plain(text).replace(/\s{2,}|[^\S ]/g, " ").trim();
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

  function terms(typed) {
    const found = fold(typed).replace(QUOTES, '"').matchAll(/"([^"]*)"?|[^\s"]+/g);
    return [...found]
      .map(([all, phrase]) => (phrase === undefined ? all : phrase.trim()))
      .filter(Boolean)
      .map((text) => ({ text, pattern: new RegExp(escaped(text).replaceAll(" ", "[ -]"), "g"), phrase: text.includes(" ") }));
  }

  /* The folded text, and a function: where in the text its character at a place comes from, at its end the text's end. */
  function traced(text) {
    if (ASCII.test(text)) return [text.toLowerCase().replace(/\s/g, " "), (place) => place];
    let folded = "";
    const places = [];
    let at = 0;
    for (const character of text) {
      for (const one of /\s/.test(character) ? " " : plain(character)) {
        folded += one;
        for (let k = 0; k < one.length; k++) places.push(at);
      }
      at += character.length;
    }
    return [folded, (place) => places[place] ?? text.length];
  }

  function mark(element, text, wanted) {
    if (!wanted.length) {
      element.textContent = text;
      return;
    }
    const [folded, from] = traced(text);
    const hit = new Uint8Array(text.length + 1);
    for (const term of wanted)
      for (const { 0: found, index } of folded.matchAll(term.pattern)) {
        hit.fill(1, from(index), Math.max(from(index + found.length), from(index) + 1));
      }
    const parts = [];
    for (let start = 0, k = 1; k <= text.length; k++)
      if (k === text.length || hit[k] !== hit[start]) {
        const piece = text.slice(start, k);
        if (hit[start]) {
          parts.push(sitegen.make("mark", "", piece));
        } else parts.push(piece);
        start = k;
      }
    element.replaceChildren(...parts);
  }

  /* The words around the first term that a text has of those wanted; "" where it has none. */
  const AROUND = 60; // characters to each side
  function around(text, wanted) {
    const [folded, from] = traced(text);
    for (const { pattern } of wanted) {
      const at = folded.search(pattern);
      if (at < 0) continue;
      const place = from(at);
      const [start, end] = [Math.max(0, place - AROUND), Math.min(text.length, place + AROUND)];
      const [before, behind] = [text.slice(start, place), text.slice(place, end)];
      return (start ? "… " + before.replace(/^\S*\s/, "") : before) + (end < text.length ? behind.replace(/\s\S*$/, "") + " …" : behind);
    }
    return "";
  }

  const finds = (wanted, text) => wanted.every((term) => (term.phrase ? text.search(term.pattern) >= 0 : text.includes(term.text)));
  sitegen.search = { fold, terms, finds, mark, around };
})();
