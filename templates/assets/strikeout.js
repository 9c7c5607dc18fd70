/* Sentences and the title taken out by the reader: what is out, how it came about, and the text that shows it.

   sitegen.strikeOut(record, fields, strikes, signal) gives, until signal says that another text takes the place of this,
     state                         { title, sentences: a Set of numbers from 0 }
     why                           "" or the sentence that says why the last wish could not be granted
     toggle(sentence | "title")    take it out, or put it back; gives whether that was possible
     undo(), reset(), set(state)
     shelve(on)                    show the text as written, and what was out again: paper has the figure as written
     changed                       whether anything is out
     steps                         how many steps undo can go back
     on(listener)                  called after every change
     strikes                       what it was given
     ask(several)                  from now on only that can be taken out of which all of these know, and the text has the
                                   colours of the first: its colours as written are those that it has now
     asked                         those; at first `strikes` alone
     written                       the colours of the sentences as written: { kind, strength } of each

   `strikes` knows what the model says of what is left (strike.js), and so do others, each by another model of the same
   text. Where they know of single pieces alone, a further piece takes the place of the one before. A click on a sentence or
   the title of the text takes it out, and so does Delete. The colours of the sentences follow. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});

  const KINDS = ["positive", "negative", "quiet"]; // of a sentence's colour

  const copy = ({ title, sentences }) => ({ title, sentences: new Set(sentences) });

  sitegen.strikeOut = function (record, fields, strikes, signal) {
    const listeners = [];
    const past = [];
    const spans = [...fields.abstract.querySelectorAll("[data-sentence]")];
    let state = { title: false, sentences: new Set() };
    let shelved = null; // the state while the text is shown as written
    let why = "";
    let asked = [strikes];

    const look = (span) => ({ kind: KINDS.find((kind) => span.classList.contains(kind)), strength: span.style.getPropertyValue("--strength") });
    let written = spans.map(look);
    const reason = (next) => asked.map((one) => one.possible(next)).find(Boolean) || "";
    const changed = () => state.title || state.sentences.size > 0;
    const titled = record.title.count > 0; // there may be none to take out

    /* The colours of the sentences are their shares of what is left, as the bars are; as written where those are not
       known, or nothing is out. */
    function colour() {
      const shares = changed() ? asked[0].shares(state) : null;
      spans.forEach((span, k) => {
        let { kind, strength } = written[k];
        const share = shares && shares[Number(span.dataset.sentence)]; // null of what is out
        if (share !== null) {
          strength = sitegen.numbers.strength(share);
          kind = strength ? (share > 0 ? "positive" : "negative") : "quiet";
        }
        for (const one of KINDS) span.classList.toggle(one, one === kind);
        span.style.setProperty("--strength", strength);
      });
    }

    function show() {
      colour();
      for (const span of spans) {
        const out = state.sentences.has(Number(span.dataset.sentence));
        span.classList.toggle("struck", out);
        span.setAttribute("aria-pressed", String(out));
      }
      fields.title.classList.toggle("struck", state.title);
      if (titled) fields.title.setAttribute("aria-pressed", String(state.title));
      for (const listener of listeners) listener();
    }

    /* What the reader clicked at stays where it is, though the answer above it takes more or less room. */
    function inPlace(step) {
      const top = () => fields.abstract.getBoundingClientRect().top;
      const before = top();
      step();
      window.scrollBy({ top: top() - before, behavior: "instant" });
    }

    function change(next) {
      past.push(copy(state));
      state = next;
      inPlace(show);
    }

    function toggle(piece) {
      if (piece === "title" && !titled) return false;
      const next = copy(state);
      if (piece === "title") next.title = !next.title;
      else if (!next.sentences.delete(piece)) next.sentences.add(piece);
      why = reason(next);
      const single = { title: piece === "title", sentences: new Set(piece === "title" ? [] : [piece]) };
      const possible = [next, single].find((one) => !reason(one));
      if (possible) change(possible);
      else show();
      return Boolean(possible);
    }

    const possiblePast = () => past.filter((before) => !reason(before));

    function undo() {
      while (past.length && reason(past[past.length - 1])) past.pop();
      if (!past.length) return;
      why = "";
      state = past.pop();
      inPlace(show);
    }

    /* A click that ends the selection of a stretch of text is not meant for the sentence, nor one on a link. */
    const selecting = () => String(window.getSelection()) !== "";

    function listen(element, piece) {
      element.setAttribute("role", "button");
      element.setAttribute("tabindex", "0");
      let took = false; // whether the last click changed anything
      const click = (event) => {
        if (event.detail !== 2) took = !selecting() && toggle(piece);
        else if (took) undo(); // the first click of two, which select a word, was not meant
      };
      const key = (event) => {
        if (!["Delete", "Backspace", "Enter", " "].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        if (!event.repeat) toggle(piece); // a key that is held down means one thing
      };
      element.addEventListener("click", click, { signal });
      element.addEventListener("keydown", key, { signal });
      signal.addEventListener("abort", () => {
        for (const name of ["role", "tabindex", "aria-pressed"]) element.removeAttribute(name);
      });
    }

    for (const span of spans) listen(span, Number(span.dataset.sentence));
    if (titled) listen(fields.title, "title");
    const undoKey = (event) => {
      if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || !possiblePast().length) return;
      if (event.target.closest("input, textarea")) return; // what is typed has an undo of its own
      event.preventDefault();
      undo();
    };
    document.addEventListener("keydown", undoKey, { signal });

    const api = {
      strikes,
      toggle,
      undo,
      reset() {
        why = "";
        if (changed()) change({ title: false, sentences: new Set() });
      },
      set(next) {
        if (reason(next)) return;
        state = copy({ ...next, title: next.title && titled });
        show();
      },
      ask(several) {
        asked = several;
        written = spans.map(look);
        why = reason(state);
        if (why) change({ title: false, sentences: new Set() });
        else show();
      },
      shelve(on) {
        if (on === (shelved !== null)) return;
        [state, shelved] = on ? [{ title: false, sentences: new Set() }, state] : [shelved, null];
        show();
      },
      on: (listener) => listeners.push(listener),
    };
    Object.defineProperties(api, {
      state: { get: () => state },
      why: { get: () => why },
      changed: { get: changed },
      asked: { get: () => asked },
      written: { get: () => written },
      steps: { get: () => possiblePast().length },
    });
    show();
    return api;
  };
})();
