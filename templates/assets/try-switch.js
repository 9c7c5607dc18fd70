/* The switch between the models that answer what is typed: one of them, or the first beside another.

   sitegen.typed.switch(page, readers, settings) gives, of the page's element and its models (try-reader.js),
     shown             the model whose picture and colours are shown
     asked             the models that are asked: that one, or two side by side, the first of the page and another
     choose(by, of)    as the address has it: by, "KEY" or "both KEY"; of, the key of the one that is shown of two. What no model is
                       called by is left out of account
     state()           { by, of } for the address; empty where it is as it is at first
     show(text)        the answers that are known to the text, in the switch and side by side
     on(listener)      listener() is called when a reader has chosen

   Where there is one model there is no switch on the page, and it is always asked. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const typed = (sitegen.typed = sitegen.typed || {});
  const { percent, probability } = sitegen.numbers;
  const QUOTED = 110; // letters of a sentence

  typed.switch = function (page, readers, settings) {
    const { classes, threshold, hardly } = settings;
    const part = (name) => page.querySelector(`[data-part="${name}"]`);
    const buttons = [...page.querySelectorAll('[data-part="models"] input')];
    const cards = [...page.querySelectorAll("[data-card]")];
    const [first] = readers;
    const find = (key) => readers.find((reader) => reader.key === key);
    const listeners = [];
    let [shown, other] = [first, null];

    function choose(by, of = "") {
      const [, both, key] = /^(both )?(.*)$/.exec(by);
      other = both && find(key) !== first ? find(key) || null : null;
      shown = (other ? [first, other].find((reader) => reader.key === of) : find(key)) || first;
      for (const button of buttons) button.checked = button.value === (other ? `both ${other.key}` : shown.key);
      page.toggleAttribute("data-beside", Boolean(other));
      for (const scope of page.querySelectorAll("[data-scope]")) scope.hidden = !asked().includes(find(scope.dataset.scope));
    }

    const asked = () => (other ? [first, other] : [shown]);

    /* What a model says of the text; null where that is not known. */
    function answerOf({ reading }, text) {
      if (!reading || !reading.parts.answer || reading.cut.title.text !== text.title || reading.cut.abstract.text !== text.abstract) return null;
      const p = probability(reading.parts.answer.margin);
      return { p, positive: p >= threshold, unread: typed.unread(reading) };
    }

    function label(button, text) {
      const place = button.parentElement.querySelector("b");
      if (!place) return;
      const answer = answerOf(find(button.value), text);
      const told = answer && !answer.unread;
      place.textContent = told ? `${answer.positive ? "▲" : "▼"} ${percent(answer.p)}` : "";
      place.className = told ? `ink-${answer.positive ? "positive" : "negative"}` : "";
    }

    function sentenceOf({ cut }, number) {
      const characters = Array.from(cut.abstract.text);
      const text = characters.slice(cut.abstract.sentences[2 * number], cut.abstract.sentences[2 * number + 1]).join("").trim();
      const letters = Array.from(text);
      return letters.length > QUOTED ? `${letters.slice(0, QUOTED - 1).join("").trimEnd()}…` : text;
    }

    /* The sentence that the answer needs most, in words. */
    function strongest({ reading }) {
      const { without, answer } = reading.parts;
      if (!without) return ["", ""];
      const most = typed.strongest(answer.margin, without.sentences);
      if (!most) return ["", reading.cut.abstract.ends.length ? "There is only one sentence." : ""];
      if (most.change < hardly) return ["", "Take out any single sentence, and the answer stays nearly the same."];
      return [`Strongest is sentence ${most.number + 1}; without it the answer is ${percent(most.without)}.`, `“${sentenceOf(reading, most.number)}”`];
    }

    function nothing({ name, reading }) {
      const [head, why] = typed.nothing(name, reading, classes);
      return [`${head}.`, why];
    }

    function fill(card, reader, text) {
      const answer = answerOf(reader, text);
      const inner = (name) => card.querySelector(`[data-of="${name}"]`);
      const told = answer && !answer.unread;
      card.classList.toggle("positive", Boolean(told && answer.positive));
      card.classList.toggle("negative", Boolean(told && !answer.positive));
      inner("name").textContent = reader.name;
      inner("percent").textContent = told ? percent(answer.p) : "";
      inner("predicted").textContent = told ? classes[Number(answer.positive)] : "";
      inner("predicted").className = told ? `pill ${answer.positive ? "positive" : "negative"}` : "";
      const [line, quote] = told ? strongest(reader) : answer ? nothing(reader) : ["", "…"];
      inner("line").textContent = line;
      inner("quote").textContent = quote;
      inner("picture").setAttribute("aria-pressed", String(reader === shown));
      inner("picture").textContent = reader === shown ? "Its picture is below" : "Show its picture below";
      inner("picture").hidden = !told;
    }

    function show(text) {
      for (const button of buttons) label(button, text);
      page.toggleAttribute("data-unanswered", false);
      if (!other) return;
      cards.forEach((card, k) => fill(card, asked()[k], text));
      const [one, two] = asked().map((reader) => answerOf(reader, text));
      const ready = one && two && !one.unread && !two.unread;
      const same = ready && one.positive === two.positive;
      const alone = one && two && one.unread !== two.unread ? asked()[Number(one.unread)].name : "";
      const said = same ? `Both say “${classes[Number(one.positive)]}”.` : "They disagree.";
      const neither = Boolean(one && two && one.unread && two.unread);
      page.toggleAttribute("data-unanswered", neither);
      part("agree").textContent = ready ? said : neither ? "Neither has anything to go by." : alone && `Only ${alone} has something to go by.`;
    }

    const chosen = () => listeners.forEach((listener) => listener());
    for (const button of buttons)
      button.addEventListener("change", () => {
        choose(button.value, shown.key);
        chosen();
      });
    cards.forEach((card, k) =>
      card.querySelector('[data-of="picture"]').addEventListener("click", () => {
        choose(`both ${other.key}`, asked()[k].key);
        chosen();
      }),
    );

    return {
      get shown() {
        return shown;
      },
      get asked() {
        return asked();
      },
      choose,
      state: () => ({ by: other ? `both ${other.key}` : shown === first ? "" : shown.key, of: other && shown !== first ? shown.key : "" }),
      show,
      on: (listener) => listeners.push(listener),
    };
  };
})();
