/* Where the chosen units are on together: the rule of sitegen/analysis/network/patterns.py, over bits. No page is needed.

   A cell is a unit that is on (its row, 0 to units - 1) or one that is negative (its row + units). A plane is the bits of
   one cell, a word a bit, the first word in the lowest bit of the first byte.

   sitegen.patternSearch.throughout(states, { count, units, step, rows, start, end, before, after }) gives the cells of
   a text that are on at all words from start to end - 1, and off right before or after them if wanted. states: Int8Array,
   unit after unit, `count` numbers each; step: the threshold; rows: [first, behind] of the units that are looked at.

   sitegen.patternSearch.find({ bounds, units, chosen, planes, all, rows, before, after, without, least, candidates,
   limit }) gives the runs: { start, end, shared, others }, the first `limit` of them the best in their order, the rest
   by `shared` alone, without `others`.
     bounds    where each text begins among the words of the corpus, and last how many words there are
     chosen    cells                        planes    Map of each chosen cell to its plane
     all       the planes of all cells, one after the other
     without   [start, end] of the range that was chosen, whose words no run may share
     least     words of a run               candidates   runs that are enough */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});

  const bit = (plane, word) => (plane[word >> 3] >> (word & 7)) & 1;

  function throughout(states, { count, units, step, rows, start, end, before, after }) {
    const found = [];
    for (const sign of [1, -1]) {
      for (let row = rows[0]; row < rows[1]; row += 1) {
        const on = (word) => sign * states[row * count + word] >= step;
        let all = !(before && start > 0 && on(start - 1)) && !(after && end < count && on(end));
        for (let word = start; all && word < end; word += 1) all = on(word);
        if (all) found.push(sign > 0 ? row : row + units);
      }
    }
    return found;
  }

  /* At every word how many of these planes have a bit. */
  function counted(planes, words) {
    const counts = new Uint16Array(words);
    for (const plane of planes) {
      for (let byte = 0; byte < plane.length; byte += 1) {
        let value = plane[byte];
        for (let word = 8 * byte; value; word += 1, value >>= 1) counts[word] += value & 1;
      }
    }
    return counts;
  }

  /* The longest stretches within texts where at least so many are on, as [start, end], by a key of their own. */
  function addRuns(runs, counts, bounds, { enough, least }) {
    const words = counts.length;
    for (let text = 0; text + 1 < bounds.length; text += 1) {
      const behind = bounds[text + 1];
      for (let word = bounds[text]; word < behind; word += 1) {
        if (counts[word] < enough) continue;
        const start = word;
        while (word < behind && counts[word] >= enough) word += 1;
        if (word - start >= least) runs.set(start * (words + 1) + word, [start, word]);
      }
    }
  }

  function find({ bounds, units, chosen, planes, all, rows, before, after, without, least, candidates, limit }) {
    const words = bounds[bounds.length - 1];
    const width = Math.ceil(words / 8);
    const ours = chosen.map((cell) => planes.get(cell));
    const picked = new Set(chosen);
    const others = [];
    for (const first of [0, units]) {
      for (let row = rows[0]; row < rows[1]; row += 1) {
        const cell = first + row;
        if (!picked.has(cell)) others.push(all.subarray(cell * width, (cell + 1) * width));
      }
    }
    const border = new Set(bounds);
    const counts = counted(ours, words);
    const runs = new Map();
    for (let enough = chosen.length; enough > 0 && runs.size < candidates; enough -= 1)
      addRuns(runs, counts, bounds, { enough, least });

    function same(plane, start, end) {
      for (let word = start; word < end; word += 1) if (!bit(plane, word)) return false;
      if (before && !border.has(start) && bit(plane, start - 1)) return false;
      return !(after && !border.has(end) && bit(plane, end));
    }
    const number = (list, start, end) => list.reduce((sum, plane) => sum + (same(plane, start, end) ? 1 : 0), 0);

    const found = [];
    for (const [start, end] of runs.values()) {
      if (start < without[1] && end > without[0]) continue;
      const shared = number(ours, start, end);
      if (shared) found.push({ start, end, shared, others: 0 });
    }
    found.sort((a, b) => b.shared - a.shared);
    const last = found[Math.min(limit, found.length) - 1];
    const best = found.filter((run) => run.shared >= last.shared);
    for (const run of best) run.others = number(others, run.start, run.end);
    const length = (run) => run.end - run.start;
    best.sort((a, b) => b.shared - a.shared || a.others - b.others || length(b) - length(a) || a.start - b.start);
    return [...best, ...found.slice(best.length)];
  }

  sitegen.patternSearch = { throughout, find };
})();
