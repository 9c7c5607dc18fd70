/* What the model says of a record without some of its sentences or its title: exact, without the model.

   sitegen.strikes({ n, whole, empty, title, abstract, without, shares, strike, called, name }) makes, of a record's numbers in log-odds,

     n                               how many sentences the abstract has
     whole, empty, title, abstract   of the whole record, of nothing, of the title alone, of the abstract alone
     without                         n leave-one-out effects: whole less the answer without the sentence
     shares                          n shares, of the probability; null where there are none
     called                          what readers call the abstract
     name                            of the model, where what is said must name it; else ""
     strike                          the page's data of that name (sitegen/web/pages/record/strike.py)

   an object of functions of a state, { title: whether it is struck, sentences: a Set of those struck, from 0 }:

     replaced          as in the page's data: whether hidden text is replaced by something
     possible(state)   "" where the answer is known, else a sentence that says why it is not
     answer(state)     the path in probabilities { empty, title, whole }, title null where struck; null if not known
     named(state)      what is struck: "the title and sentences 2 and 5"; "" where nothing is
     shares(state)     of what is left: n shares that add up to what it does, null for sentences struck; or null
     line(state)       "Without sentences 2 and 5: 12% instead of 53%", "Without the title: still 53%"; "" where nothing is
                       struck or it is not known; with a name: "Word counter, without sentence 2: 12% instead of 53%"
     toText(state)     "2,5,t": sentences from 1, t for the title
     fromText(text)    the state; what means nothing here is left out

   sitegen.strikesOf(record, strike, name) makes it of a record (record.js).

   A share of what is left is the Shapley value in the game of the sentences that are left, the others staying out.

   Needs decode.js, constants.js and numbers.js before it. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});

  const { probability } = sitegen.numbers;
  const upTo = (n) => Array.from({ length: n }, (_, i) => i);
  const unpacked = (packed) => Float64Array.from(sitegen.decode.i16(packed.margins), (step) => packed.scale * step);

  /* The Shapley values of m pieces from the values of all their subsets, 2^m of them, bit i saying that piece i is in. */
  function shapleyValues(values, m) {
    const weights = [1 / m]; // of a subset of so many pieces
    for (let size = 1; size < m; size += 1) weights.push((weights[size - 1] * size) / (m - size));
    const sizes = new Uint8Array(values.length);
    for (let subset = 1; subset < values.length; subset += 1) sizes[subset] = sizes[subset >> 1] + (subset & 1);
    return upTo(m).map((piece) => {
      let sum = 0;
      for (let subset = 0; subset < values.length; subset += 1)
        if (!((subset >> piece) & 1)) sum += weights[sizes[subset]] * (values[subset | (1 << piece)] - values[subset]);
      return sum;
    });
  }

  sitegen.strikes = function ({ n, whole, empty, title, abstract, without, shares, strike, called = "abstract", name = "" }) {
    const tables = new Map(); // by whether the title is struck

    const left = (state) => upTo(n).filter((i) => !state.sentences.has(i));
    const struck = (state) => upTo(n).filter((i) => state.sentences.has(i));
    const subsetOf = (sentences) => sentences.reduce((subset, i) => subset | (1 << i), 0);

    /* The answers that the page has in full digits, each in one way only; null for all others. */
    function exactly(state) {
      const out = struck(state);
      if (!out.length) return state.title ? abstract : whole;
      if (out.length === n && !strike.replaced) return state.title ? empty : title;
      if (out.length > 1) return null;
      const margin = whole - without[out[0]];
      if (!state.title) return margin;
      return typeof strike.untitled === "number" ? margin + strike.untitled : null;
    }

    /* The answers to all subsets of sentences, bit i of their number saying that sentence i is kept; null where they are
       not known. Exact ones take the place of those that were rounded for the page. */
    function tableOf(titleStruck) {
      if (!tables.has(titleStruck)) tables.set(titleStruck, makeTable(titleStruck));
      return tables.get(titleStruck);
    }

    /* Of a model to which sentences add up: the whole less what those do that are out. */
    function summed() {
      const table = new Float64Array(1 << n).fill(whole);
      for (let subset = 0; subset < table.length; subset += 1)
        for (let i = 0; i < n; i += 1) if (!((subset >> i) & 1)) table[subset] -= without[i];
      return table;
    }

    function makeTable(titleStruck) {
      if ((strike.margins === null && !strike.sums) || (titleStruck && strike.untitled === null)) return null;
      let table = null;
      if (!titleStruck) table = strike.sums ? summed() : unpacked(strike);
      else if (typeof strike.untitled === "number") table = tableOf(false).map((margin) => margin + strike.untitled);
      else table = unpacked(strike.untitled);
      for (const out of [[], upTo(n), ...upTo(n).map((i) => [i])]) {
        const state = { title: titleStruck, sentences: new Set(out) };
        const subset = subsetOf(left(state));
        table[subset] = exactly(state) ?? table[subset];
      }
      return table;
    }

    function margin(state) {
      const table = tableOf(state.title);
      const known = table ? table[subsetOf(left(state))] : exactly(state);
      return Number.isNaN(known) ? null : known;
    }

    function answer(state) {
      const end = margin(state);
      if (end === null) return null;
      return { empty: probability(empty), title: state.title ? null : probability(title), whole: probability(end) };
    }

    function sharesOf(state) {
      if (!state.title && !state.sentences.size) return shares && Array.from(shares);
      const table = tableOf(state.title);
      if (!table) return null;
      const pieces = left(state);
      const subsets = [0]; // of the pieces that are left, bit k for the k-th: the same subsets in the table
      for (const i of pieces) subsets.push(...subsets.map((subset) => subset | (1 << i)));
      const values = shapleyValues(Float64Array.from(subsets, (subset) => probability(table[subset])), pieces.length);
      const all = new Array(n).fill(null);
      pieces.forEach((i, k) => (all[i] = values[k]));
      return all;
    }

    /* "the title and sentences 2 and 5", "the abstract", "title and abstract". */
    function named(state) {
      const numbers = struck(state).map((i) => i + 1);
      if (n > 1 && numbers.length === n) return state.title ? `title and ${called}` : `the ${called}`;
      const last = numbers.pop();
      const before = numbers.length ? `s ${numbers.join(", ")} and` : "";
      const sentences = last ? [`sentence${before} ${last}`] : [];
      return [...(state.title ? ["the title"] : []), ...sentences].join(" and ");
    }

    function line(state) {
      const what = named(state);
      const end = margin(state);
      if (!what || end === null) return "";
      const [before, after] = [whole, end].map((one) => sitegen.numbers.percent(probability(one)));
      return `${name ? `${name}, without` : "Without"} ${what}: ${after === before ? `still ${after}` : `${after} instead of ${before}`}`;
    }

    function fromText(text) {
      const state = { title: false, sentences: new Set() };
      for (const part of text.split(",")) {
        if (part === "t") state.title = true;
        else if (/^[1-9]\d*$/.test(part) && Number(part) <= n) state.sentences.add(Number(part) - 1);
      }
      return state;
    }

    return {
      replaced: strike.replaced,
      possible: (state) => (margin(state) !== null ? "" : name ? `${name}: ${strike.why}` : strike.why),
      named,
      answer,
      shares: sharesOf,
      line,
      toText: (state) => [...struck(state).map((i) => i + 1), ...(state.title ? ["t"] : [])].join(","),
      fromText,
    };
  };

  sitegen.strikesOf = ({ sentences, path, effects, shares, called }, strike, name) =>
    sitegen.strikes({ n: sentences.length, ...path, without: effects, shares, called, strike, name });
})();
