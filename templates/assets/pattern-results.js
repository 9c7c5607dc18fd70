/* The two lists of the page of patterns: the units that stay on, and the places that were found.

   sitegen.patternUnits(list, { cells, off, units, unitOf, page, toggle }) shows the cells, with a box to leave each out; off:
   a Set of those left out; units: how many there are; unitOf(row) names a unit; page(file) is the address of its page, "" for none.
   sitegen.patternResults(list, { runs, chosen, place, context, long }) shows runs; place(run) gives { pieces, start, end, href,
   heading }: the text, the run's known words in it, the link to it. The words are those of pages/network/patterns.py. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});

  const { make } = sitegen;

  const counted = (n, one) => `${n.toLocaleString("en")} ${n === 1 ? one : one + "s"}`;

  function says(run, chosen) {
    const whole = chosen === 1 ? "the chosen unit" : `all ${chosen} units`;
    const shared = run.shared === chosen ? whole : `${run.shared} of the ${chosen} units`;
    return `${shared} and ${run.others ? counted(run.others, "other") : "no others"}, over ${counted(run.end - run.start, "word")}`;
  }

  /* Known words start to end - 1 with `context` of them on either side, as they were written; of more than `long` words
     the first and the last ones. */
  function inContext(pieces, start, end, { context, long }) {
    const words = (pieces.length - 1) / 2;
    const first = Math.max(0, start - context);
    const last = Math.min(words, end + context);
    const before = pieces.slice(2 * first + (first > 0 ? 1 : 0), 2 * start + 1).join("");
    const after = pieces.slice(2 * end, 2 * last + (last === words ? 1 : 0)).join("");
    const part = (from, to) => pieces.slice(2 * from + 1, 2 * to).join("");
    const half = Math.floor(long / 2);
    const run = end - start > long ? `${part(start, start + half)} … ${part(end - half, end)}` : part(start, end);
    return [(first ? "… " : "") + before, run, after + (last < words ? " …" : "")];
  }

  sitegen.patternResults = function (list, { runs, chosen, place, context, long }) {
    list.replaceChildren(
      ...runs.map((run) => {
        const { pieces, start, end, href, heading } = place(run);
        const [before, words, after] = inContext(pieces, start, end, { context, long });
        const text = make("span", "context");
        text.append(before, make("b", "", words), after);
        const link = make("a", "", heading);
        link.href = href;
        const hint = make("span", "hint", `${says(run, chosen)}: `);
        hint.append(link);
        const item = make("li");
        item.append(text, " ", hint);
        Object.assign(item.dataset, run);
        return item;
      }),
    );
  };

  sitegen.patternUnits = function (list, { cells, off, units, unitOf, page, toggle }) {
    const focused = list.contains(document.activeElement) && document.activeElement.ariaLabel;
    list.replaceChildren(
      ...cells.map((cell) => {
        const { name, words, file } = unitOf(cell % units);
        const sign = cell < units ? "on" : "negative";
        const box = make("input");
        Object.assign(box, { type: "checkbox", checked: !off.has(cell), autocomplete: "off", ariaLabel: `look for ${name}, ${sign}` });
        box.addEventListener("change", () => toggle(cell, box.checked));
        const link = page(file) ? make("a", "", name) : make("span", "", name);
        if (page(file)) link.href = page(file);
        link.title = words;
        const item = make("li");
        item.dataset.cell = cell;
        item.append(box, " ", link, " ", make("span", `swatch ${sign}`, sign));
        return item;
      }),
    );
    if (focused) [...list.querySelectorAll("input")].find((box) => box.ariaLabel === focused)?.focus();
  };
})();
