/* The two towers of the model in the page: texts -> what each adds to the answer.

     const network = live.network(numbers, own, kernel)
     yield* network.read(field, texts)    for each text (an Int32Array of words of the vocabulary) its contribution
     network.margin(title, abstract)      the answer to two contributions, in log-odds

   A contribution is one number where the model adds up, and else what the text adds to each unit of the joint layer.
   Reading is a generator that gives way after a few million products at most, so that whoever runs it can stop it.

   Texts are read in batches. What those of a batch share is computed once (live-lattice.js): all forward states of layer
   1 where texts begin alike, all backward ones where they end alike. For each further layer, and for each state of the
   one below, the products with the weights that read it are made once, too, however many texts have it.

   H units a direction are made a multiple of four by units without weights, which stay 0. A text without words is one
   zero vector. Notation as in sitegen/models/lstm: gates i, f, g, o; K directions. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const live = (sitegen.live = sitegen.live || {});
  live.pieces = live.pieces || {};

  live.pieces.network = function (live) {
    const AT_ONCE = 1 << 21; // products between two places where a reader may be stopped
    const BATCH = 6e6; // numbers of a batch's states and products

    live.network = function (numbers, own, kernel) {
      const { layers, hidden, dimension: D, directions: K, readout, joint } = numbers.architecture;
      const H = (hidden + 3) & ~3, G = 4 * H;
      const most = Math.max(128, Math.floor(BATCH / (24 * H))); // words of a batch
      const towers = { title: tower("lstmTi"), abstract: tower("lstmAb") };
      const answer = outputs();
      const base = own.mark();

      /* The weights of a tower by layer and direction: bias, own (H x G), read: for each direction below (or the word
         vectors) what reads its states. */
      function tower(name) {
        return Array.from({ length: layers }, (_, layer) =>
          Array.from({ length: K }, (_, direction) => {
            const of = (kind) => numbers.weight(`${name}.${kind}_l${layer}${direction ? "_reverse" : ""}`);
            const input = of("weight_ih"), state = of("weight_hh"), first = of("bias_ih"), second = of("bias_hh");
            const width = layer ? hidden : D;
            // Column j of G is unit j % H of gate j / H; units beyond `hidden` have no weights.
            const gate = (j) => (j % H < hidden ? Math.floor(j / H) * hidden + (j % H) : -1);
            const packed = (weights, rows, skip, columns, k) =>
              own.put(
                live.arithmetic.pack(k, G, (i, j) =>
                  i < rows && gate(j) >= 0 ? weights[gate(j) * columns + skip + i] : 0,
                ),
              );
            const columns = layer ? K * hidden : D;
            return {
              bias: own.put(
                Float32Array.from({ length: G }, (_, j) => (gate(j) < 0 ? 0 : first[gate(j)] + second[gate(j)])),
              ),
              own: packed(state, hidden, 0, hidden, H),
              read: Array.from({ length: layer ? K : 1 }, (_, below) =>
                packed(input, width, below * hidden, columns, layer ? H : (D + 3) & ~3),
              ),
            };
          }),
        );
      }

      /* What becomes of the features, [abstract, title]: of a model that adds up one weight each, else those of all
         units of the joint layer. */
      function outputs() {
        const last = joint ? "fc.2" : "fc";
        const weight = numbers.weight(`${last}.weight`), bias = numbers.weight(`${last}.bias`);
        const n = weight.length / 2;
        const slopes = Float64Array.from({ length: n }, (_, j) => weight[n + j] - weight[j]);
        const constant = bias[1] - bias[0];
        if (!joint) return { rows: [slopes], constant };
        const inner = numbers.weight("fc.0.weight"), width = inner.length / joint;
        const rows = Array.from({ length: joint }, (_, u) => Float64Array.from(inner.subarray(u * width, (u + 1) * width)));
        return { rows, constant, slopes, biases: Float64Array.from(numbers.weight("fc.0.bias")) };
      }

      function margin(title, abstract) {
        if (!joint) return title[0] + abstract[0] + answer.constant;
        let sum = answer.constant;
        for (let u = 0; u < joint; u++) sum += answer.slopes[u] * Math.tanh(answer.biases[u] + title[u] + abstract[u]);
        return sum;
      }

      /* C += A W in pieces; a, rows, k, w, c, n as of kernel.multiply. */
      function* product(a, rows, k, w, c, n) {
        const some = Math.max(4, Math.floor(AT_ONCE / (k * n)) & ~3);
        for (let r = 0; r < rows; r += some) {
          kernel.multiply(a + r * k, Math.min(some, rows - r), k, w, c + r * n, n);
          yield;
        }
      }

      /* For each of `rows` states at `states`, rows x k, the sum of gates that its reader gains: bias, if any, and
         states W. */
      function* gains(states, rows, k, w, bias) {
        const sums = own.zeros(rows * G);
        if (bias !== null) for (let r = 0; r < rows; r++) own.f32.copyWithin(sums + r * G, bias, bias + G);
        yield* product(states, rows, k, w, sums, G);
        return sums;
      }

      /* The states h of a lattice, (size + 1) x H. inputs: [{sums, index}], what each state's gates gain and which row
         of it. steps: how many are run. */
      function* run(lattice, inputs, weights, steps) {
        const { starts, parents } = lattice, size = parents.length;
        const h = own.zeros((size + 1) * H), c = own.zeros((size + 1) * H);
        const before = own.put(parents), index = inputs.map((input) => own.put(input.index));
        let widest = 0;
        for (let s = 0; s < steps; s++) widest = Math.max(widest, starts[s + 1] - starts[s]);
        const gates = own.take(widest * G), read = own.take(widest * H);
        for (let s = 0; s < steps; s++) {
          const at = starts[s], rows = starts[s + 1] - at;
          inputs.forEach((input, number) => kernel.gather(gates, input.sums, index[number] + at, rows, G, number));
          if (s) {
            kernel.gather(read, h, before + at, rows, H, 0);
            kernel.gather(c + at * H, c, before + at, rows, H, 0);
            yield* product(read, rows, H, weights.own, gates, G);
          }
          kernel.advance(gates, h + at * H, c + at * H, rows, H);
        }
        return h;
      }

      /* The sums that layer 1 gains from each distinct word, by direction; words: their numbers, -1 the zero vector. */
      function* wordGains(weights, words) {
        const k = (D + 3) & ~3, vectors = own.zeros(words.length * k);
        words.forEach((word, number) => {
          if (word >= 0) numbers.vector(word, own.f32, vectors + number * k);
        });
        const sums = [];
        for (const one of weights[0]) sums.push(yield* gains(vectors, words.length, k, one.read[0], one.bias));
        return sums;
      }

      /* The features of a batch of texts, (K hidden,) each. words: what the gates gain from each word, by direction; there
         are `wide` words, by whose numbers the texts are given. */
      function* features(weights, words, wide, texts) {
        const tries = Array.from({ length: K }, (_, direction) => live.lattice.trie(texts, wide, direction === 1));
        let lattices = tries, below = null;
        for (let layer = 0; layer < layers; layer++) {
          const top = layer === layers - 1;
          if (layer === 1 && K === 2) lattices = [live.lattice.places(texts, false), live.lattice.places(texts, true)];
          const states = [];
          for (let direction = 0; direction < K; direction++) {
            const reader = weights[layer][direction], lattice = lattices[direction];
            const inputs = [];
            if (!below) inputs.push({ sums: words[direction], index: lattice.words });
            else {
              for (let d = 0; d < K; d++) {
                const { h, lattice: source } = below[d];
                const sums = yield* gains(h, source.parents.length, H, reader.read[d], d ? null : reader.bias);
                inputs.push({ sums, index: live.lattice.links(lattice, source) });
              }
            }
            const steps = top && direction && readout === "last-step" ? 1 : lattice.starts.length - 1;
            states.push({ h: yield* run(lattice, inputs, reader, steps), lattice });
          }
          below = states;
        }
        return texts.map((text, t) => {
          const last = text.length - 1, features = new Float64Array(K * hidden);
          below.forEach(({ h, lattice }, direction) => {
            const slot = lattice.slots[t][direction && readout === "final-state" ? 0 : last];
            for (let j = 0; j < hidden; j++) features[direction * hidden + j] = own.f32[h + slot * H + j];
          });
          return features;
        });
      }

      function contribution(field, features) {
        const skip = field === "title" ? features.length : 0;
        return Float64Array.from(answer.rows, (row) => {
          let sum = 0;
          for (let j = 0; j < features.length; j++) sum += features[j] * row[skip + j];
          return sum;
        });
      }

      function* read(field, texts) {
        own.release(base);
        const numberOf = new Map(), words = [];
        const counted = texts.map((text) => {
          const numbered = new Int32Array(Math.max(text.length, 1));
          for (let k = 0; k < numbered.length; k++) {
            const word = text.length ? text[k] : -1;
            let number = numberOf.get(word);
            if (number === undefined) {
              number = words.length;
              numberOf.set(word, number);
              words.push(word);
            }
            numbered[k] = number;
          }
          return numbered;
        });
        const gained = yield* wordGains(towers[field], words);
        const mark = own.mark(), results = [];
        for (let first = 0; first < counted.length; ) {
          let last = first, size = 0;
          while (last < counted.length && (last === first || size + counted[last].length <= most)) {
            size += counted[last++].length;
          }
          const batch = yield* features(towers[field], gained, words.length, counted.slice(first, last));
          results.push(...batch.map((one) => contribution(field, one)));
          own.release(mark);
          first = last;
        }
        return results;
      }

      return { read, margin, additive: !joint, bias: joint ? null : answer.constant };
    };
  };
})();
