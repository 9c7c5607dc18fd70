/* A text that a reader types, in its colours, and the table of its sentences: as the page of a record has them.

   sitegen.typed.texts(page, most) gives, of the page's element, where shares are asked for of at most `most` sentences,
     fields                    { title, abstract }: where the texts stand, for the scripts of the figure
     show(cut, data)           the texts as they were read, of the figure's data (try-figure.js)
     tint(data)                the words of the title by what the answer loses with them, where that is known
   Whatever a reader types stays text: it is put in as text nodes and attributes alone. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const typed = (sitegen.typed = sitegen.typed || {});
  const { make } = sitegen;
  const { percent, points, probability, strength, wordStrength } = sitegen.numbers;

  /* Of each sentence its numbers, in probability. */
  typed.sentences = function (data) {
    const whole = probability(data.path.whole);
    return Array.from(data.sentences.without, (effect, k) => {
      const without = probability(data.path.whole - effect);
      const share = data.sentences.shares ? data.sentences.shares[k] : null;
      return { alone: probability(data.sentences.alone[k]), share, without, size: share ?? whole - without };
    });
  };

  typed.texts = function (page, most) {
    const part = (name) => page.querySelector(`[data-part="${name}"]`);
    const fields = { title: page.querySelector('[data-field="title"]'), abstract: page.querySelector('[data-field="abstract"]') };

    function sentence({ alone, share, without, size }, k, text) {
      const colour = strength(size);
      const span = make("span", `sentence ${colour ? (size > 0 ? "positive" : "negative") : "quiet"}`, text);
      span.id = `s${k + 1}`;
      span.dataset.sentence = k;
      span.dataset.mark = k + 1;
      span.tabIndex = 0;
      span.style.setProperty("--strength", colour);
      const shared = share === null ? "" : `its share ${points(share)} points; `;
      span.title = `Sentence ${k + 1}: alone it says ${percent(alone)}; ${shared}without it ${percent(without)}`;
      return span;
    }

    function abstract({ text, sentences, start }, told) {
      const characters = Array.from(text);
      const slice = (from, to) => characters.slice(from, to).join("");
      const pieces = [];
      if (start) {
        const unread = make("span", "unread", slice(0, start));
        unread.title = "This repeats the title; the model does not read it";
        pieces.push(unread);
      }
      let at = start;
      told.forEach((one, k) => {
        const [from, to] = [sentences[2 * k], sentences[2 * k + 1]];
        pieces.push(slice(at, from), sentence(one, k, slice(from, to)));
        at = to;
      });
      pieces.push(slice(at));
      return pieces;
    }

    function row({ alone, share, without, size }, k, text) {
      const made = make("tr");
      const cell = (label, ...content) => {
        const one = make("td", "", ...content);
        if (label) one.dataset.label = label;
        made.append(one);
        return one;
      };
      const link = make("a", "", String(k + 1));
      link.href = `#s${k + 1}`;
      link.addEventListener("click", (event) => {
        event.preventDefault(); // the address keeps the text
        const target = document.getElementById(`s${k + 1}`);
        target.focus({ preventScroll: true });
        target.scrollIntoView({ block: "center" });
      });
      cell("sentence", link);
      cell("", text).className = "quoted";
      cell("alone", make("b", "", percent(alone)));
      const bar = make("span", `bar ${size > 0 ? "positive" : "negative"}`);
      bar.style.setProperty("--strength", strength(size));
      cell("share", ...(strength(size) ? [bar] : []), make("b", "", share === null ? "…" : points(share)));
      cell("without it", make("b", "", percent(without)));
      return made;
    }

    function show(cut, data) {
      const told = typed.sentences(data);
      const focused = fields.abstract.contains(document.activeElement) && document.activeElement.id;
      fields.title.textContent = cut.title.text;
      fields.abstract.replaceChildren(...abstract(cut.abstract, told));
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
      const spans = fields.abstract.querySelectorAll("[data-sentence]");
      part("rows").replaceChildren(...told.map((one, k) => row(one, k, spans[k].textContent)));
      const { length } = told;
      part("key-shares").hidden = !length || !data.sentences.shares;
      part("key-without").hidden = !length || Boolean(data.sentences.shares);
      part("key-words").hidden = length > 0;
      if (part("key-pages")) part("key-pages").hidden = length > most;
      const pieces = [length === 1 ? "the sentence" : length ? "a sentence" : "", cut.title.tokens.length ? "the title" : ""];
      part("key-click").textContent = pieces.filter(Boolean).join(" or ");
      page.querySelector("#all-sentences").hidden = !length;
      page.querySelector("#sentences-heading").textContent = length === 1 ? "The one sentence" : `All ${length} sentences`;
      part("sentences-told").textContent = `: what ${length === 1 ? "it" : "each"} says alone, its share, the answer without it`;
    }

    function tint(data) {
      const record = sitegen.readRecord(data, fields.title.textContent, fields.abstract.textContent);
      sitegen.wordsOf(record, fields).title.forEach((spans, k) => {
        const effect = record.title.effects[k];
        const colour = wordStrength(effect);
        if (!colour) return;
        for (const span of spans) {
          span.classList.add("tint", effect > 0 ? "positive" : "negative");
          span.style.setProperty("--strength", colour.toFixed(3));
        }
      });
      return record;
    }

    return { fields, show, tint };
  };
})();
