/* What other titles and abstracts would make of an answer, in sentences (swap.js shows them above its lists).

   sitegen.swapSaid({ own, abstracts, titles, threshold }) gives { decides, abstracts, titles }: which of the fields matters
   more to this answer, how far the abstracts of the others would take it, and how far their titles would. own: the
   probability as it is; abstracts, titles: those with another abstract, with another title; at least one of each.

   Needs constants.js and numbers.js before it. What records are called is sitegen.nouns. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const ALIKE = 1.5; // a field counts as the one that decides if the other changes the answer so many times less
  const STILL = 0.005; // of probability: what changes it by less on average does not decide
  const { percent, points } = sitegen.numbers;
  const size = (change) => points(change).replace("+", "");

  function told({ own, threshold }, answers, other, kept) {
    const [low, high] = [Math.min, Math.max].map((end) => percent(answers.reduce((a, b) => end(a, b))));
    const those = answers.length > 1 ? `any of the other ${answers.length.toLocaleString("en")} ${other}s` : `the other ${other}`;
    const flips = answers.filter((p) => p >= threshold !== own >= threshold).length;
    const some = `${flips.toLocaleString("en")} ${flips === 1 ? "flips" : "flip"}`;
    const turned = !flips ? "none flips" : flips === answers.length ? "each flips" : some;
    return `With ${those}, ${kept} gives ${low === high ? low : `from ${low} to ${high}`}; ${turned} the answer.`;
  }

  function decides({ own, abstracts, titles }) {
    const mean = (answers) => answers.reduce((sum, p) => sum + Math.abs(p - own), 0) / answers.length;
    const changes = [
      ["abstract", mean(abstracts)],
      ["title", mean(titles)],
    ].sort((a, b) => b[1] - a[1]);
    const [[more, most], [less, least]] = changes;
    if (most < STILL) return `Neither decides alone: hardly anything changes with another ${sitegen.nouns.one}'s title or abstract.`;
    const sizes = `another ${more} changes the answer by ${size(most)} points on average, another ${less} by ${size(least)}.`;
    return `${most < ALIKE * least ? "Title and abstract matter about alike here" : `The ${more} matters more here`}: ${sizes}`;
  }

  sitegen.swapSaid = (answers) => ({
    decides: decides(answers),
    abstracts: told(answers, answers.abstracts, "abstract", "this title"),
    titles: told(answers, answers.titles, "title", "this abstract"),
  });
})();
