/* Shapley values of the sentences of an abstract, as in sitegen/analysis/attribution/shapley.py: the mean of what a
   sentence adds over all orders in which they could have come.

     yield* live.shares(n, tokens, margins)    {values, points, errors, method, pairs}

   margins: a generator from a list of subsets (n booleans each) to their margins, in log-odds. Exact up to ten sentences;
   beyond, from pairs of an order and its reverse, drawn by the tokens, so that a text always has the same values. Points
   are the same of the probability; errors the standard errors of sampled values. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const live = (sitegen.live = sitegen.live || {});
  live.pieces = live.pieces || {};

  live.pieces.shares = function (live) {
    const EXACT_LIMIT = 10, PAIRS = 16;
    const probability = (margin) => 1 / (1 + Math.exp(-margin));

    live.shares = function* (n, tokens, margins) {
      return n > EXACT_LIMIT ? yield* sampled(n, tokens, margins) : yield* exact(n, margins);
    };

    function* exact(n, margins) {
      const subsets = Array.from({ length: 1 << n }, (_, s) => Array.from({ length: n }, (_, i) => (s >> i) & 1));
      const table = yield* margins(subsets);
      return {
        values: shapley(n, table),
        points: shapley(n, table.map(probability)),
        errors: new Float64Array(n),
        method: "exact",
        pairs: 0,
      };
    }

    /* What each adds to each subset without it, weighed |S|! (n - 1 - |S|)! / n!. */
    function shapley(n, table) {
      const weight = [];
      for (let s = 0, binomial = 1; s < n; s++) {
        weight.push(1 / (n * binomial));
        binomial = (binomial * (n - 1 - s)) / (s + 1);
      }
      const values = new Float64Array(n);
      for (let subset = 0; subset < table.length; subset++) {
        let size = 0;
        for (let i = 0; i < n; i++) size += (subset >> i) & 1;
        for (let i = 0; i < n; i++) {
          if (!((subset >> i) & 1)) values[i] += weight[size] * (table[subset | (1 << i)] - table[subset]);
        }
      }
      return values;
    }

    function* sampled(n, tokens, margins) {
      const orders = drawn(n, generator(tokens));
      const subsets = [];
      for (const order of orders) {
        const kept = new Array(n).fill(false);
        subsets.push(kept.slice());
        for (const i of order) {
          kept[i] = true;
          subsets.push(kept.slice());
        }
      }
      const chain = yield* margins(subsets), m = orders.length / 2;
      const values = new Float64Array(n), points = new Float64Array(n);
      const between = Array.from({ length: n }, () => []); // what a sentence added, in pairs where it is neither end
      for (let pair = 0; pair < m; pair++) {
        const added = new Float64Array(n);
        for (let way = 0; way < 2; way++) {
          const number = 2 * pair + way;
          orders[number].forEach((i, place) => {
            const before = chain[number * (n + 1) + place], after = chain[number * (n + 1) + place + 1];
            added[i] += (after - before) / 2;
            points[i] += (probability(after) - probability(before)) / (2 * m);
          });
        }
        added.forEach((value, i) => {
          values[i] += value / m;
          if (i !== orders[2 * pair][0] && i !== orders[2 * pair][n - 1]) between[i].push(value);
        });
      }
      const own = between.map((some) => {
        const mean = some.reduce((a, b) => a + b, 0) / Math.max(some.length, 1);
        return some.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(some.length - 1, 1);
      });
      const all = own.reduce((a, b) => a + b, 0) / n;
      const errors = Float64Array.from(own, (one, i) => Math.sqrt((between[i].length * (one + all)) / 2) / m);
      return { values, points, errors, method: "sampled", pairs: m };
    }

    /* Orders, each followed by its reverse: in every n pairs each sentence comes first once and last once. */
    function drawn(n, random) {
      const orders = [];
      for (let round = 0; round < Math.ceil(PAIRS / n); round++) {
        const ends = shuffled(Array.from({ length: n }, (_, i) => i), random);
        ends.forEach((first, k) => {
          const last = ends[(k + 1) % n];
          const inner = shuffled(ends.filter((i) => i !== first && i !== last).sort((a, b) => a - b), random);
          const order = [first, ...inner, last];
          orders.push(order, order.slice().reverse());
        });
      }
      return orders;
    }

    function shuffled(items, random) {
      for (let k = items.length - 1; k > 0; k--) {
        const other = Math.floor(random() * (k + 1));
        [items[k], items[other]] = [items[other], items[k]];
      }
      return items;
    }

    /* Numbers from 0 to 1 that depend on the tokens alone (xorshift of 32 bits). */
    function generator(tokens) {
      let state = 2166136261;
      for (const token of tokens) state = Math.imul(state ^ (token + 1), 16777619);
      state = state || 1;
      return () => {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        return (state >>> 0) / 4294967296;
      };
    }
  };
})();
