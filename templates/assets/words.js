/* The table of all words of a record, which its page has by the strongest only (partials/record_words.html).

   sitegen.allWords(record) makes that table all words of both texts as soon as its section is opened, row for row as
   the page writes them, and its heads buttons that order it: by place, by the answer without the word, by what it says
   alone. As it stands, the words without which the answer changes most come first ("other" to those who do not see it).
   It gives renew(record), which makes it the table of another record, in the order that the reader chose. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});

  /* The orders of each head, by turns: what aria-sort says, and how two words compare. A stable sort keeps the order of
     the text where they are equal. */
  const ORDERS = {
    place: [["ascending", (a, b) => a.place - b.place], ["descending", (a, b) => b.place - a.place]],
    without: [
      ["other", (a, b) => Math.abs(b.effect) - Math.abs(a.effect)],
      ["ascending", (a, b) => b.effect - a.effect],
      ["descending", (a, b) => a.effect - b.effect],
    ],
    alone: [["descending", (a, b) => b.alone - a.alone], ["ascending", (a, b) => a.alone - b.alone]],
  };

  const { make } = sitegen;

  function wordsOf(record) {
    return ["title", "abstract"].flatMap((field) =>
      Array.from({ length: record[field].count }, (_, i) => ({
        field,
        text: record[field].word(i),
        where: `${field === "abstract" ? record.called : field}, word ${i + 1}`,
        effect: record[field].effects[i],
        alone: record[field].alone[i],
        known: record[field].known(i),
        withheld: record[field].withheld(i),
      })),
    ).filter((word) => !word.withheld).map((word, place) => ({ ...word, place }));
  }

  function row(word, largest, record) {
    const name = make("td", "", word.text);
    if (!word.known) name.append(" ", make("small", "", "unknown"));
    const without = make("td");
    const size = Math.abs(word.effect) / largest;
    if (size >= 0.0005) {
      const bar = make("span", `bar ${word.effect > 0 ? "positive" : "negative"}`);
      bar.style.setProperty("--strength", size.toFixed(3));
      without.append(bar);
    }
    without.append(make("b", "", sitegen.numbers.percent(record.without(word.effect))), " ");
    without.append(make("small", "", sitegen.numbers.logOdds(word.effect)));
    return make("tr", "", name, make("td", "", word.where), without, make("td", "", sitegen.numbers.percent(word.alone)));
  }

  sitegen.allWords = function (record) {
    const section = document.getElementById("all-words");
    if (!section) return;
    const table = section.querySelector("table");
    const heads = [...table.querySelectorAll("[data-sort]")];
    let shown = record;
    let words = wordsOf(record);
    let rows = null; // the words' rows by place, once the section has been opened

    function order(head, turn) {
      const [name, compare] = ORDERS[head.dataset.sort][turn];
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", name);
      table.tBodies[0].replaceChildren(...[...words].sort(compare).map((word) => rows[word.place]));
    }

    function press(head) {
      const orders = ORDERS[head.dataset.sort];
      order(head, (orders.findIndex(([name]) => name === head.getAttribute("aria-sort")) + 1) % orders.length);
    }

    function heading() {
      for (const head of heads) {
        const button = make("button", "", head.textContent);
        button.type = "button";
        button.addEventListener("click", () => press(head));
        head.replaceChildren(button);
      }
    }

    function build() {
      if (rows || !section.open) return;
      const largest = Math.max(...words.map((word) => Math.abs(word.effect)));
      rows = words.map((word) => row(word, largest, shown));
      if (!table.querySelector("[data-sort] button")) heading();
      const ordered = heads.find((head) => head.hasAttribute("aria-sort"));
      if (!ordered) return press(heads.find((head) => head.dataset.sort === "without"));
      const turn = ORDERS[ordered.dataset.sort].findIndex(([name]) => name === ordered.getAttribute("aria-sort"));
      order(ordered, turn);
    }

    function renew(other) {
      shown = other;
      words = wordsOf(other);
      rows = null;
      build();
    }

    section.querySelector('[data-part="strongest"]').hidden = true;
    section.querySelector('[data-part="all"]').hidden = false;
    section.addEventListener("toggle", build);
    build();
    return { renew };
  };
})();
