/* What is said of the answer to a text that a reader types: the panel that the page of a record has.

   sitegen.typed.strongest(margin, effects)   { number, without, change }: the sentence without which the answer changes most,
                                              from 0, and the answer without it; null where there are not two

   sitegen.typed.panel(element, settings) gives
     show(answer, known)       the model's answer, as soon as it is there: { margin, title, abstract, empty } in log-odds;
                               known: { title, abstract }, whether the model knows a word of each
     tell(answer, known, effects, lacking)   how it came about, in sentences; effects: of each sentence's absence, in
                               log-odds; lacking: { words, unknown, weighed, blank }, how many the text has, how many of them
                               the model does not know, how many have weight for it, null where it weighs none one by one,
                               and whether one of the fields has no word
   The sentences are those of sitegen/web/pages/record/story.py for a paper without shares. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const typed = (sitegen.typed = sitegen.typed || {});
  const { percent, probability } = sitegen.numbers;
  const none = { title: false, sentences: new Set() }; // nothing is taken out

  typed.strongest = function (margin, effects) {
    if (effects.length < 2) return null;
    const whole = probability(margin);
    const told = Array.from(effects, (effect, number) => {
      const without = probability(margin - effect);
      return { number, without, change: Math.abs(whole - without) };
    });
    return told.reduce((best, one) => (one.change > best.change ? one : best));
  };

  typed.panel = function (element, settings) {
    const part = (name) => element.querySelector(`[data-part="${name}"]`);
    const { threshold, classes, hardly, text, titled } = settings;
    const side = (p) => p >= threshold;
    const same = (before, after) => Math.abs(after - before) < hardly && side(before) === side(after);

    function show(margins, known) {
      const [empty, title, whole] = [margins.empty, margins.title, margins.margin].map(probability);
      const ended = new AbortController();
      const strikes = { answer: () => ({ empty, title, whole }), replaced: false, line: () => "" };
      const out = { strikes, state: none, changed: false, why: "", steps: 0, undo() {}, reset() {}, on() {} };
      sitegen.answer(element, { threshold, classes, sentences: [] }, out, ended.signal).show();
      ended.abort();
      const since = settings.thresholdText && ` (it says so from ${settings.thresholdText} on)`;
      const near = Math.abs(whole - threshold) < settings.close ? ", a close call" : "";
      part("percent-of").textContent = `probability of “${classes[1]}”${since}${near}`;
      part("start").textContent = percent(empty);
      for (const name of ["title", "abstract"]) {
        const step = element.querySelector(`[data-step="${name}"]`);
        if (step) step.hidden = !known[name];
      }
      const stop = element.querySelector('[data-step="abstract"] .stop');
      stop.textContent = known.title ? `+ ${text}` : text;
    }

    /* The way from nothing to the title to both. tail: what is said of the sentences; blank: as of lacking. */
    function way(p, known, tail, blank) {
      const [start, title, whole] = [p.empty, p.title, p.whole].map(percent);
      const raises = (before, after) => (after > before ? "raises" : "lowers");
      if (!known.title || !known.abstract) {
        const field = known.title ? "title" : text;
        const lack = !titled || blank ? "The" : known.title ? `There is no ${text} that the model can read. The` : "There is no title that the model can read. The";
        if (same(p.empty, p.whole)) return `${lack} ${field} hardly moves the answer: ${start} before the model reads anything, ${whole} with it${tail}.`;
        return `${lack} ${field} ${raises(p.empty, p.whole)} the answer from ${start}, before the model reads anything, to ${whole}${tail}.`;
      }
      if (!same(p.title, p.whole)) {
        const moved = title === whole ? "just tips the scales" : `${raises(p.title, p.whole)} it to ${whole}`;
        return `With the title alone the model says ${title}; the ${text} ${moved}${tail}.`;
      }
      if (same(p.empty, p.title))
        return `Neither text moves the answer much: ${start} before the model reads anything, ${title} with the title alone, ${whole} with title and ${text}${tail}.`;
      if (side(p.abstract) !== side(p.whole))
        return `The title decides: alone it says ${title}, and the ${text}, which without the title would say ${percent(p.abstract)}, hardly changes that (${whole})${tail}.`;
      return `The title alone already says ${title}, and the ${text} hardly changes that (${whole})${tail}.`;
    }

    function needed(margin, effects) {
      const most = typed.strongest(margin, effects);
      if (!most) return "";
      if (most.change < hardly) return "; take out any single sentence, and the answer stays nearly the same";
      return `; the sentence without which it changes most is ${most.number + 1}: without it ${percent(most.without)}`;
    }

    /* Where less than half of the words tell the model anything, what the answer rests on. */
    function rest({ words, unknown, weighed }) {
      if (weighed) return 2 * weighed < words ? `Only ${weighed} of the ${words} words ${weighed === 1 ? "has" : "have"} any weight for it.` : "";
      const count = words - unknown;
      if (2 * count >= words || !count) return "";
      return `It knows only ${count} of the ${words} words, and skips the others: the answer rests on ${count === 1 ? "that one" : `these ${count}`} alone.`;
    }

    function tell(margins, known, effects, lacking) {
      const p = Object.fromEntries(["empty", "title", "abstract"].map((name) => [name, probability(margins[name])]));
      p.whole = probability(margins.margin);
      const lines = [way(p, known, known.abstract ? needed(margins.margin, effects) : "", lacking.blank), rest(lacking)].filter(Boolean);
      part("story").replaceChildren(
        ...lines.map((text) => sitegen.make("p", "story", text)),
      );
    }

    return { show, tell };
  };
})();
