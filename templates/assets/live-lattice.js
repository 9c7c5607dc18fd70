/* Which states the texts of a batch have in common: the plan by which a network reads them.

   A lattice is what one direction of one layer computes for a batch of texts: states, each the next one of another, in
   steps of states that can be computed together. The states of a step stand side by side: step s has those from
   starts[s] to starts[s + 1].

     trie       forward, texts that begin alike share the states of their beginning; backward those of their end. So it
                is in the lowest layer, which reads words alone, and in all layers of a network that only reads forward.
     places     every word of every text has a state of its own: above a layer of two directions a state depends on the
                whole text.

   A lattice: {starts, parents, slots}. parents: for each state the one before it; where there is none, the number of all
   states, behind which zeros stand. slots: for each text and word of it the number of its state. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const live = (sitegen.live = sitegen.live || {});
  live.pieces = live.pieces || {};

  live.pieces.lattice = function (live) {
    /* texts: Int32Arrays of words below `wide`, none empty. backward: whether they are read from their end. */
    function trie(texts, wide, backward) {
      const children = new Map(); // parent's node and word -> node
      const depths = [], above = [], words = [];
      const nodes = texts.map((text) => {
        const own = new Int32Array(text.length);
        let parent = -1;
        for (let step = 0; step < text.length; step++) {
          const place = backward ? text.length - 1 - step : step;
          const key = (parent + 1) * wide + text[place];
          let node = children.get(key);
          if (node === undefined) {
            node = depths.length;
            children.set(key, node);
            depths.push(step);
            above.push(parent);
            words.push(text[place]);
          }
          own[place] = parent = node;
        }
        return own;
      });
      const size = depths.length;
      const starts = countedUp(depths);
      const next = starts.slice(), slot = new Int32Array(size), parents = new Int32Array(size), wordOf = new Int32Array(size);
      for (let node = 0; node < size; node++) slot[node] = next[depths[node]]++;
      for (let node = 0; node < size; node++) {
        parents[slot[node]] = above[node] < 0 ? size : slot[above[node]];
        wordOf[slot[node]] = words[node];
      }
      for (const own of nodes) for (let k = 0; k < own.length; k++) own[k] = slot[own[k]];
      return { starts, parents, words: wordOf, slots: nodes };
    }

    /* starts[s]: how many are of a step below s. */
    function countedUp(steps) {
      const starts = [0];
      for (const step of steps) {
        while (starts.length < step + 2) starts.push(0);
        starts[step + 1]++;
      }
      for (let s = 1; s < starts.length; s++) starts[s] += starts[s - 1];
      return starts;
    }

    function places(texts, backward) {
      const order = texts.map((_, t) => t).sort((a, b) => texts[b].length - texts[a].length || a - b);
      const starts = [0];
      for (let s = 0, rows = order.length; s < texts[order[0]].length; s++) {
        while (texts[order[rows - 1]].length <= s) rows--;
        starts.push(starts[s] + rows);
      }
      const size = starts[starts.length - 1];
      const parents = new Int32Array(size), slots = new Array(texts.length);
      order.forEach((t, row) => {
        const n = texts[t].length;
        slots[t] = new Int32Array(n);
        for (let step = 0; step < n; step++) {
          slots[t][backward ? n - 1 - step : step] = starts[step] + row;
          parents[starts[step] + row] = step ? starts[step - 1] + row : size;
        }
      });
      return { starts, parents, slots };
    }

    /* For each state of a lattice the state of another one, below it, at the same word. */
    function links(lattice, below) {
      const index = new Int32Array(lattice.parents.length);
      lattice.slots.forEach((own, t) => {
        const other = below.slots[t];
        for (let place = 0; place < own.length; place++) index[own[place]] = other[place];
      });
      return index;
    }

    live.lattice = { trie, places, links };
  };
})();
