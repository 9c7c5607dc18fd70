/* What stands in the place of the answer where there is none to give: an invitation on an empty page, and the reason where a
   text is too long, or has nothing in it that the model could go by.

   sitegen.typed.note(page, settings) gives, of the page's element,
     invite()               the invitation
     tooLong(line)          the reason, in a sentence
     nothing(name, reading) the model of that name knows none of the words, or gives none of them weight
     none()                 none of these: there is an answer
   Each hides the others. page.dataset.note says which stands there: "invite", "long", "nothing", or "".

   sitegen.typed.nothing(name, reading, classes)  what nothing() says: [its heading, the reason with the number] */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const typed = (sitegen.typed = sitegen.typed || {});

  const { percent, probability } = sitegen.numbers;

  typed.nothing = function (name, { known, parts }, classes) {
    const words = [...known.title, ...known.abstract];
    const skipped = !words.includes(true);
    const one = words.length === 1;
    const start = percent(probability(parts.answer.empty));
    const head = skipped
      ? `${name} ${one ? "does not know this word" : `knows none of these ${words.length} words`}`
      : `${name} gives ${one ? "this word" : `none of these ${words.length} words any`}${one ? " no" : ""} weight`;
    const why = skipped ? "It skips words that it does not know, so nothing is left to read." : "It counts the words that it has learned to weigh, and none of them is here.";
    const what = `probability of “${classes[1]}”`;
    return [head, `${why} Its answer is then its starting point, the same for every such text: ${start} ${what}. That says nothing about yours.`];
  };

  typed.note = function (page, settings) {
    const part = (name) => page.querySelector(`[data-part="${name}"]`);

    function show(kind, head = "", line = "") {
      page.dataset.note = kind;
      part("invite").hidden = kind !== "invite";
      part("note").hidden = !line;
      part("note-head").textContent = head;
      part("note-line").textContent = line;
    }

    return {
      invite: () => show("invite"),
      tooLong: (line) => show("long", "Too long to be read here", line),
      nothing: (name, reading) => show("nothing", ...typed.nothing(name, reading, settings.classes)),
      none: () => show(""),
    };
  };
})();
