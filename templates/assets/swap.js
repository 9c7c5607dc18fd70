/* Other titles and abstracts in place of this record's (partials/record_swap.html): loads two numbers of every record
   once a reader opens the fold, says what the model would say (swap-said.js), and lists it, the largest changes first. So a
   record's page says nothing of the others, and stays as it is when one of them changes.

   #other-titles is hidden until this script has seen that it can fill it, which it cannot in a page that was made a single
   file. It has data-state: "folded", "loading", "drawn", or "lacking" where a file lacks, as a line then says.

   Needs page.js, decode.js, constants.js, numbers.js and swap-said.js before it; loads swaps.js, and of the first page index.js for
   titles and addresses, gallery-search.js for what a search finds. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const fold = document.getElementById("other-titles");
  if (!fold) return;
  const SHOWN = 20; // of each list
  const FLIPS = "\u21c4 flips";
  const { root } = fold.dataset;
  const own = Number(fold.dataset.number);
  const threshold = Number(fold.dataset.threshold);
  const { make } = sitegen;
  const { probability: logistic } = sitegen.numbers;

  /* The answers with each of the others, the largest change first. */
  function answers(kept, others, bias, whole) {
    const found = [];
    others.forEach((other, k) => {
      const p = logistic(kept + other + bias);
      if (k !== own && !Number.isNaN(other)) found.push({ k, p, change: p - whole, flips: p >= threshold !== whole >= threshold });
    });
    return found.sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || a.k - b.k);
  }

  function table(heading, caption, rows, papers) {
    const drawn = make("table", "effects");
    const head = drawn.createTHead().insertRow();
    for (const name of ["Says", "Points", "Answer", caption]) head.append(Object.assign(make("th", "", name), { scope: "col" }));
    const body = drawn.createTBody();
    const count = make("p", "hint");
    const part = make("section", "", make("h3", "", heading), drawn, count);

    function show(finds, searched) {
      const found = rows.filter(({ k }) => finds(k));
      body.replaceChildren(
        ...found.slice(0, SHOWN).map(({ k, p, change, flips }) => {
          const link = Object.assign(make("a", "", papers[k].title), { href: root + papers[k].href });
          const numbers = [sitegen.numbers.percent(p), sitegen.numbers.points(change)].map((text) => make("td", "number", text));
          const row = make("tr", "", ...numbers, make("td", "flips", flips ? FLIPS : ""), make("td", "", link));
          row.dataset.number = k;
          return row;
        }),
      );
      drawn.hidden = !found.length;
      const shown = Math.min(SHOWN, found.length);
      const rest = found.length > shown ? (searched ? "" : "; a search finds the others") : "";
      count.textContent = found.length ? `${shown} of ${found.length}${rest}` : "Nothing here matches.";
    }
    return { part, show };
  }

  async function draw() {
    await Promise.all(["swaps.js", "index.js", "gallery-search.js"].map((script) => sitegen.load(`${root}assets/${script}`)));
    const { bias, ...encoded } = sitegen.swaps;
    const [titles, abstracts] = [encoded.titles, encoded.abstracts].map((text) => Array.from(sitegen.decode.f32(text)));
    const { fields, values } = sitegen.rows;
    const [title, href] = [fields.indexOf("title"), fields.indexOf("href")];
    const papers = values.map((row) => ({ title: row[title], href: row[href] }));
    const folded = []; // titles as they are compared, each once it is
    const whole = logistic(titles[own] + abstracts[own] + bias);
    const [otherAbstracts, otherTitles] = [answers(titles[own], abstracts, bias, whole), answers(abstracts[own], titles, bias, whole)];
    const tables = [
      table("This title with another abstract", "The abstract of", otherAbstracts, papers),
      table("This abstract with another title", "The title of", otherTitles, papers),
    ];
    const only = (rows) => rows.map(({ p }) => p);
    const says = sitegen.swapSaid({ own: whole, abstracts: only(otherAbstracts), titles: only(otherTitles), threshold });
    const decides = make("p", "", make("b", "", says.decides));
    const search = Object.assign(make("input"), { type: "search", autocomplete: "off", spellcheck: false });
    const controls = make("p", "", make("label", "", "Search their titles ", search));
    const now = `Now it says ${sitegen.numbers.percent(whole)}. The largest changes stand first; `;
    const said = make("p", "hint", now, make("b", "", FLIPS), ": the answer would be the other one.");
    const lists = make("div", "swap-lists", ...tables.map((one) => one.part));
    const show = () => {
      const wanted = sitegen.search.terms(search.value);
      const finds = (k) => sitegen.search.finds(wanted, (folded[k] ??= sitegen.search.fold(papers[k].title)));
      for (const one of tables) one.show(wanted.length ? finds : () => true, wanted.length > 0);
    };
    search.addEventListener("input", show);
    show();
    fold.querySelector("summary").after(decides, make("p", "", `${says.abstracts} ${says.titles}`));
    fold.append(controls, said, lists);
  }

  // without an address of its own this script stands in the page, which then is a file without others
  const possible = Boolean(document.currentScript.src);
  fold.hidden = !possible;
  sitegen.fillOnce(fold, draw, { instead: "lacking", possible });
})();
