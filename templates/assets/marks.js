/* The words of a record's texts as things a reader can point at, and that the heatmap can mark.

   The page holds title and abstract as text in [data-field] elements; where its words begin and end is in no HTML, which
   keeps pages small. A text's words are wrapped in spans (class "unknown" where the model skips one) once, however many
   records of the page have these words of this text.

   sitegen.wordsOf(record, fields) gives the spans of every word: { title: [[span, ...], ...], abstract }, several spans
   where a word crosses elements. sitegen.markText(record, fields) gives back
     show({ row, first, word, sentence })  mark the title's word `row` and the abstract's words first..word, or the
                                           whole of `sentence` (null: by words)
     clear()                               a text has one mark at a time, whoever made it
     on(listener, signal)                  listener({ field, word }) or ({ sentence }) when the reader points at or
                                           focuses one, listener(null) when that ends; until signal says so

   Where another text is put into the fields, its words are wrapped anew. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const UNKNOWN = "the model does not know this word and skips it";

  /* The place in UTF-16 units of every code point of `text`, and its length as the last entry. */
  function unitsOf(text) {
    const units = [0];
    for (const point of text) units.push(units[units.length - 1] + point.length);
    return units;
  }

  /* Wrap each word of `element`; gives for each word the spans it became (several where it crosses elements). */
  function wrap(element, name, field, cut) {
    const units = unitsOf(element.textContent);
    const pieces = Array.from({ length: field.count }, () => []);
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    let start = 0; // of the node, in units
    let word = 0;
    for (const node of nodes) {
      const text = node.data;
      const end = start + text.length;
      const fragment = document.createDocumentFragment();
      let at = start;
      while (word < field.count && units[field.spans[2 * word]] < end) {
        const from = Math.max(at, units[field.spans[2 * word]]);
        const to = Math.min(end, units[field.spans[2 * word + 1]]);
        fragment.append(text.slice(at - start, from - start));
        const span = document.createElement("span");
        span.className = field.known(word) ? "word" : "word unknown";
        if (!field.known(word)) span.title = UNKNOWN;
        span.dataset.word = word;
        span.dataset.of = name;
        span.dataset.cut = cut;
        span.textContent = text.slice(from - start, to - start);
        fragment.append(span);
        pieces[word].push(span);
        at = to;
        if (units[field.spans[2 * word + 1]] > end) break; // goes on in the next node
        word += 1;
      }
      fragment.append(text.slice(at - start));
      node.replaceWith(fragment);
      start = end;
    }
    return pieces;
  }

  let cuts = []; // the ways in which texts of this page were cut into words: { number, element, spans, pieces }
  let made = 0; // of them
  let marked = []; // the elements that are marked

  /* The number of the text's cut into a record's words, which is made where it is new. The words of another cut, by a
     model that reads other words, may lie within these or around them: each span knows its cut. */
  function cut(element, name, field) {
    cuts = cuts.filter(({ pieces }) => pieces.every(([span]) => !span || span.isConnected)); // of texts that are there
    const spans = String(field.spans);
    const known = cuts.find((one) => one.element === element && one.spans === spans);
    if (known) return known;
    const now = { number: made, element, spans, pieces: wrap(element, name, field, made) };
    made += 1;
    cuts.push(now);
    return now;
  }

  sitegen.wordsOf = function (record, fields) {
    const pieces = (name) => cut(fields[name], name, record[name]).pieces;
    return { title: pieces("title"), abstract: pieces("abstract") };
  };

  sitegen.markText = function (record, fields) {
    const title = cut(fields.title, "title", record.title).number;
    const abstract = cut(fields.abstract, "abstract", record.abstract).number;
    const words = sitegen.wordsOf(record, fields);
    const sentences = Array.from(fields.abstract.querySelectorAll("[data-sentence]"));

    function clear() {
      for (const element of marked) element.classList.remove("marked");
      marked = [];
    }

    function show({ row, first, word, sentence }) {
      clear();
      if (row !== null && words.title[row]) marked.push(...words.title[row]);
      if (sentence !== null) marked.push(...sentences.filter((s) => Number(s.dataset.sentence) === sentence));
      else if (first !== null) marked.push(...words.abstract.slice(first, word + 1).flat());
      for (const element of marked) element.classList.add("marked");
    }

    function place(target) {
      const span = target.closest(`[data-cut="${title}"], [data-cut="${abstract}"]`);
      if (span) return { field: span.dataset.of, word: Number(span.dataset.word) };
      const sentence = target.closest("[data-sentence]");
      return sentence ? { sentence: Number(sentence.dataset.sentence) } : null;
    }

    function on(listener, signal) {
      for (const element of [fields.title, fields.abstract]) {
        const listen = (name, heard) => element.addEventListener(name, heard, { signal });
        listen("pointerover", (event) => {
          const found = place(event.target);
          if (found && "word" in found) listener(found);
        });
        listen("pointerleave", () => listener(null));
        listen("focusin", (event) => {
          const found = place(event.target);
          if (found) listener(found);
        });
        listen("focusout", () => listener(null));
      }
    }

    return { show, clear, on };
  };
})();
