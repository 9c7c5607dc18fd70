/* What the page asks the model about a title and an abstract: each question as the texts that answer it.

     live.questions(network)(request, answer)    a generator; answer(kind, value) is called for each kind in request.want

   request: {title, abstract: Int32Arrays of words of the vocabulary, -1 unknown; ends: the token behind each sentence of
   the abstract; want: kinds}. The kinds, as in sitegen/analysis/attribution; all margins in log-odds:

     answer           {margin, title, abstract, empty}: of all, of the title alone, of the abstract alone, of nothing
     titles           {alone}: of the title alone up to each word
     grid             of the title up to each word and the abstract up to each word
     sentences-grid   the same with the abstract up to each sentence
     alone            {sentences, title, abstract}: of each sentence, and of each word, with nothing beside it
     without          {sentences}: margin less that without the sentence
     words            {title, abstract}: margin less that without the word
     shares           {values, points, errors, method, pairs}: Shapley values of the sentences, of log-odds and probability

   A grid is {additive: true, title, abstract, bias}, or {additive: false, rows, columns, margins} row by row.

   What was read before is not read again, as long as it is remembered: most of a text stays as it is while somebody
   writes, so that a word at its end costs one column of the grid. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const live = (sitegen.live = sitegen.live || {});
  live.pieces = live.pieces || {};

  live.pieces.questions = function (live) {
    const REMEMBERED = 4e6; // letters of the names under which contributions are remembered

    /* Contributions by the texts' names, which are their words' numbers; those used last stand last. */
    function memory() {
      const found = new Map();
      let letters = 0;
      return {
        get(name) {
          const value = found.get(name);
          if (value !== undefined) {
            found.delete(name);
            found.set(name, value);
          }
          return value;
        },
        set(name, value) {
          found.set(name, value);
          letters += name.length;
        },
        forget() {
          for (const name of found.keys()) {
            if (letters <= REMEMBERED) return;
            found.delete(name);
            letters -= name.length;
          }
        },
      };
    }

    live.questions = function (network) {
      const known = { title: memory(), abstract: memory() };

      /* The contribution of each text; those that are not remembered are read together. */
      function* read(field, texts) {
        const names = texts.map((text) => text.join(" "));
        const found = new Map(), missing = new Map();
        names.forEach((name, number) => {
          const value = found.has(name) ? found.get(name) : known[field].get(name);
          found.set(name, value);
          if (value === undefined) missing.set(name, texts[number]);
        });
        if (missing.size) {
          const results = yield* network.read(field, [...missing.values()]);
          [...missing.keys()].forEach((name, number) => {
            found.set(name, results[number]);
            known[field].set(name, results[number]);
          });
        }
        return names.map((name) => found.get(name));
      }

      /* One field: its tokens, the known ones among them, and how many of these there are before each token. */
      function field(name, tokens) {
        const before = new Int32Array(tokens.length + 1);
        for (let k = 0; k < tokens.length; k++) before[k + 1] = before[k] + (tokens[k] >= 0 ? 1 : 0);
        const words = Int32Array.from(tokens).filter((token) => token >= 0);
        const cut = (from, to) => words.slice(before[from], before[to]);
        return {
          n: tokens.length,
          whole: words,
          piece: cut,
          without: (from, to) => joined([cut(0, from), cut(to, tokens.length)]),
          read: (texts) => read(name, texts),
        };
      }

      function joined(pieces) {
        const words = new Int32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
        let at = 0;
        for (const piece of pieces) {
          words.set(piece, at);
          at += piece.length;
        }
        return words;
      }

      const NOTHING = new Int32Array(0);
      const prefixes = (text) => Array.from({ length: Math.max(text.n, 1) }, (_, k) => text.piece(0, Math.min(k + 1, text.n)));
      const singles = (text) => Array.from({ length: text.n }, (_, k) => [k, k + 1]);

      return function* (request, answer) {
        for (const one of Object.values(known)) one.forget();
        const title = field("title", request.title), abstract = field("abstract", request.abstract);
        const sentences = Array.from(request.ends, (end, k) => [k ? request.ends[k - 1] : 0, end]);
        const one = function* (text, words) {
          return (yield* text.read([words]))[0];
        };
        const kinds = {
          *answer() {
            const [t, a] = [yield* one(title, title.whole), yield* one(abstract, abstract.whole)];
            const [noTitle, noAbstract] = [yield* one(title, NOTHING), yield* one(abstract, NOTHING)];
            return {
              margin: network.margin(t, a),
              title: network.margin(t, noAbstract),
              abstract: network.margin(noTitle, a),
              empty: network.margin(noTitle, noAbstract),
            };
          },
          *titles() {
            const noAbstract = yield* one(abstract, NOTHING);
            const parts = yield* title.read(prefixes(title));
            return { alone: Float64Array.from(parts, (part) => network.margin(part, noAbstract)) };
          },
          *grid() {
            return yield* grid(yield* title.read(prefixes(title)), yield* abstract.read(prefixes(abstract)));
          },
          *"sentences-grid"() {
            const ends = sentences.length ? sentences.map(([, end]) => abstract.piece(0, end)) : [NOTHING];
            return yield* grid(yield* title.read(prefixes(title)), yield* abstract.read(ends));
          },
          *alone() {
            const pieces = (text, ranges) => text.read(ranges.map(([from, to]) => text.piece(from, to)));
            const [noTitle, noAbstract] = [yield* one(title, NOTHING), yield* one(abstract, NOTHING)];
            const withTitle = (part) => network.margin(noTitle, part);
            return {
              sentences: Float64Array.from(yield* pieces(abstract, sentences), withTitle),
              title: Float64Array.from(yield* pieces(title, singles(title)), (part) => network.margin(part, noAbstract)),
              abstract: Float64Array.from(yield* pieces(abstract, singles(abstract)), withTitle),
            };
          },
          *without() {
            return { sentences: yield* effects("abstract", sentences) };
          },
          *words() {
            return {
              title: yield* effects("title", singles(title)),
              abstract: yield* effects("abstract", singles(abstract)),
            };
          },
          *shares() {
            const t = yield* one(title, title.whole);
            return yield* live.shares(sentences.length, request.abstract, function* (subsets) {
              const texts = subsets.map((kept) =>
                joined(sentences.filter((_, i) => kept[i]).map(([from, to]) => abstract.piece(from, to))),
              );
              return (yield* abstract.read(texts)).map((part) => network.margin(t, part));
            });
          },
        };

        function* grid(titles, abstracts) {
          if (network.additive) {
            const first = (parts) => Float64Array.from(parts, (part) => part[0]);
            return { additive: true, title: first(titles), abstract: first(abstracts), bias: network.bias };
          }
          const rows = titles.length, columns = abstracts.length, margins = new Float64Array(rows * columns);
          for (let i = 0; i < rows; i++) {
            for (let j = 0; j < columns; j++) margins[i * columns + j] = network.margin(titles[i], abstracts[j]);
            yield;
          }
          return { additive: false, rows, columns, margins };
        }

        /* margin - margin without each of some ranges of a field. */
        function* effects(name, ranges) {
          const t = yield* one(title, title.whole), a = yield* one(abstract, abstract.whole);
          const whole = network.margin(t, a), text = name === "title" ? title : abstract;
          const parts = yield* text.read(ranges.map(([from, to]) => text.without(from, to)));
          return Float64Array.from(parts, (part) => whole - (name === "title" ? network.margin(part, a) : network.margin(t, part)));
        }

        for (const kind of request.want) {
          if (!kinds[kind]) throw new Error(`the model in the page knows no question "${kind}"`);
          answer(kind, yield* kinds[kind]());
        }
      };
    };
  };
})();
