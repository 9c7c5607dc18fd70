/* A linear pipeline in the page: a text's answer is a weighted sum over its words and, where it counts these, over its
   pairs and triples of words (sitegen/models/adapters/scikit_learn/live.py says what its numbers are).

     const network = live.linear(model, stored)    read and margin, as live.network has them
     network.learn(tokens)                         the tokens that the next numbers stand for

   A contribution is the words of a text and how often it has each term; terms that reach from the title into the abstract
   are counted when two contributions meet. Title and abstract are read as one string, with a blank between them.

     sitegen.live.lexicon(model)    {get(token), since(number)}: numbers tokens as they come, for the page. Any token may
                                    come, so that the worker is told with each request which are new. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const live = (sitegen.live = sitegen.live || {});
  live.pieces = live.pieces || {};

  live.pieces.linear = function (live) {
    live.linear = function (model, stored) {
      const { shortest, longest, binary, sublinear, norm, intercept, pattern } = model.architecture;
      const terms = new Map(model.words.split("\n").map((term, column) => [term, column]));
      const stop = new Set(model.stop);
      const weights = stored(model.weights.weights, "float64"), idf = stored(model.weights.idf, "float64");
      const runs = new RegExp(pattern, "gu");
      const names = []; // by a token's number its words

      function learn(tokens) {
        for (const token of tokens) names.push((token.match(runs) || []).filter((word) => !stop.has(word)));
      }

      /* Count to `counts` the terms among the words; of those around an edge only what reaches over it. */
      function count(words, counts, edge) {
        for (let n = shortest; n <= longest; n++) {
          for (let k = 0; k + n <= words.length; k++) {
            if (edge !== undefined && (k >= edge || k + n <= edge)) continue;
            const column = terms.get(n === 1 ? words[k] : words.slice(k, k + n).join(" "));
            if (column !== undefined) counts.set(column, (counts.get(column) || 0) + 1);
          }
        }
        return counts;
      }

      function* read(field, texts) {
        const results = [];
        for (const text of texts) {
          const words = [];
          for (const token of text) words.push(...names[token]);
          results.push({ words, counts: count(words, new Map()) });
          yield;
        }
        return results;
      }

      function margin(title, abstract) {
        const counts = new Map(title.counts);
        for (const [column, times] of abstract.counts) counts.set(column, (counts.get(column) || 0) + times);
        if (longest > 1) {
          const tail = title.words.slice(1 - longest), edge = tail.length;
          const across = [...tail, ...abstract.words.slice(0, longest - 1)];
          if (edge && across.length > edge) count(across, counts, edge);
        }
        let sum = 0, squares = 0, sizes = 0;
        for (const [column, times] of counts) {
          const value = idf[column] * (binary ? 1 : sublinear ? 1 + Math.log(times) : times);
          sum += weights[column] * value;
          squares += value * value;
          sizes += Math.abs(value);
        }
        const length = norm === "l2" ? Math.sqrt(squares) : norm === "l1" ? sizes : 1;
        return (length ? sum / length : 0) + intercept;
      }

      return { learn, read, margin, additive: false, bias: null };
    };
  };

  live.lexicon = function () {
    const numbers = new Map(), tokens = [];
    return {
      get(token) {
        let number = numbers.get(token);
        if (number === undefined) {
          number = tokens.length;
          numbers.set(token, number);
          tokens.push(token);
        }
        return number;
      },
      since: (number) => tokens.slice(number),
    };
  };
})();
