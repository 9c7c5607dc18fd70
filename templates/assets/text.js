/* The texts of a record in colour, as their reader wants them: the abstract by sentences, as the page has it, or by
   words; and the words that the model does not know, marked or not.

   sitegen.textColours(record, fields) works the page's controls (partials/record_text.html), which it shows, and gives
   back colour(by), by "sentences" or "words", and unknown(shown). What is on is an attribute of the texts, data-colours
   and data-unknown, and record.css does the rest.

   The page's first record is the one whose text this is. Needs record.js, marks.js, numbers.js and words.js before it. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});

  sitegen.textColours = function (record, fields) {
    const controls = document.querySelector('[data-part="text-controls"]');
    const buttons = [...controls.querySelectorAll('[data-part="colours"] input')];
    const unknownBox = controls.querySelector('[data-part="unknown"]');
    const keys = [...document.querySelectorAll("[data-key-of]")];
    const words = sitegen.wordsOf(record, fields);
    let tinted = false;

    /* Each word of the abstract by what the answer loses with it. */
    function tint() {
      words.abstract.forEach((spans, i) => {
        const effect = record.abstract.effects[i];
        const strength = sitegen.numbers.wordStrength(effect);
        if (!strength) return; // NaN where the word is withheld
        for (const span of spans) {
          span.classList.add("tint", effect > 0 ? "positive" : "negative");
          span.style.setProperty("--strength", strength.toFixed(3));
        }
      });
      tinted = true;
    }

    function colour(by) {
      if (by === "words" && !tinted) tint();
      fields.abstract.dataset.colours = by;
      for (const button of buttons) button.checked = button.value === by;
      for (const key of keys) key.hidden = key.dataset.keyOf !== by;
    }

    function unknown(shown) {
      for (const field of Object.values(fields)) field.dataset.unknown = shown ? "shown" : "plain";
      if (unknownBox) unknownBox.checked = shown;
    }

    for (const button of buttons) button.addEventListener("change", () => colour(button.value));
    if (unknownBox) unknownBox.addEventListener("change", () => unknown(unknownBox.checked));
    controls.hidden = false;
    return { colour, unknown };
  };

  const data = document.querySelector('.heatmap [data-part="data"]');
  if (!data || !document.querySelector('[data-part="text-controls"]')) return;
  const fields = {
    title: document.querySelector('[data-field="title"]'),
    abstract: document.querySelector('[data-field="abstract"]'),
  };
  const record = sitegen.readRecord(
    JSON.parse(data.textContent),
    fields.title.textContent,
    fields.abstract.textContent,
  );
  sitegen.textColours(record, fields);
  sitegen.allWords(record);
})();
