/* What is taken out of a record's text, by whichever of the site's models is shown (models.js): one text and one state, of
   which each model says what it answers then.

   sitegen.beside(root) makes, of the page's own figure `root`, from which nothing is taken out where it is null,
     of(key)             { name, record, strikes, out } of the model that has this key, "first" of the site's own: the
                         numbers of the record (record.js) and of what is left of it (strike.js), and what is taken out as its
                         figure and its panel follow it (strikeout.js)
     panel(element, key) ties another model's panel to that (answer.js)
     show(key, both)     from now on the text is that model's, or both are asked and a line says both answers. The text
                         has that model's colours already, as written; in both the first one's. While something is out,
                         the switch, the line beside it and the names of the figures speak of what is left, too, or say
                         that they do not, where a model's answer to that is not known.
     restore(text)       take out what an address names, where the first model did not know of it

   The numbers of another model are those of its figure, and of what its texts have in common with the first one's these
   say nothing; without a figure they lie beside its panel. Where it cuts the text into other sentences than those that
   are shown, nothing can be taken out for it. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const { make } = sitegen;
  const { percent } = sitegen.numbers;

  const partOf = (element, name) => element.querySelector(`[data-part="${name}"]`);
  const kind = (positive) => (positive ? "positive" : "negative");
  const panelOf = (key) => document.querySelector(`section[data-part="answer"][data-by="${key}"]`);

  /* The data of a model's figure, or those beside its panel, which lie in templates until it is shown. */
  function dataOf(key, first) {
    const places = [...document.querySelectorAll(`[data-by="${key}"]`)].map((place) => partOf(place.content || place, "data"));
    const own = JSON.parse(places.find(Boolean).textContent);
    return own.grid ? { ...own, title: { ...first.title, ...own.title }, abstract: { ...first.abstract, ...own.abstract } } : own;
  }

  sitegen.beside = function (root) {
    const { out } = root || {};
    if (!out) return null;
    const [title, text] = ["title", "abstract"].map((name) => document.querySelector(`[data-field="${name}"]`).textContent);
    const given = JSON.parse(partOf(root, "data").textContent);
    const own = sitegen.readRecord(given, title, text);
    const models = new Map([["first", { name: root.dataset.model, record: own, strikes: out.strikes, out }]]);
    const keys = [...document.querySelectorAll("[data-beside]")].map((fold) => fold.dataset.beside); // of the others
    const nothing = { title: false, sentences: new Set() }; // is out
    const key = document.querySelector('[data-key-of="sentences"]');
    const written = key && [...key.childNodes];

    function recordOf(data) {
      if (data.grid) return sitegen.readRecord(data, title, text);
      const [without, shares] = [data.sentences.without, data.sentences.shares].map((one) => one && sitegen.decode.f32(one));
      return { ...own, path: data.path, effects: without, shares };
    }

    function read(by) {
      const fold = document.querySelector(`[data-beside="${by}"]`);
      const name = fold.dataset.model;
      const data = dataOf(by, given);
      const record = recordOf(data);
      const strikes = sitegen.strikesOf(record, data.strike || { margins: null, untitled: null, why: "" }, name);
      if (!data.strike) {
        const why = `${name} cuts the ${own.called} into other sentences than those that are shown here, so nothing can be taken out for it.`;
        strikes.possible = (state) => (state.title || state.sentences.size ? why : "");
      }
      return { name, data, record, strikes, out: Object.create(out, { strikes: { value: strikes } }) };
    }

    function of(by) {
      if (!models.has(by)) models.set(by, read(by));
      return models.get(by);
    }

    /* ---- both ---- */

    let box = null;
    let shown = "first"; // the key of the model that is shown, where it is one
    let pair = null; // the keys of the two, while both are shown

    /* The answers of two, and the part of the panel that follows what is taken out. */
    function makeBox() {
      const quote = partOf(panelOf("first"), "quote").cloneNode(true);
      box = make("section", "both-answers", make("p", "verdict-says"), quote);
      box.setAttribute("aria-label", "Both predictions");
      document.querySelector(".model-switch").after(box);
      sitegen.atTheEdge(quote, new AbortController().signal);
      partOf(box, "undo").addEventListener("click", out.undo);
      partOf(box, "reset").addEventListener("click", out.reset);
      partOf(box, "copy").addEventListener("click", () => sitegen.copyText(partOf(box, "line").textContent, partOf(box, "copy")));
    }

    /* The answer of a model to what is left; to the whole text, and `left` is false, where that is not known. */
    function answerOf({ record, strikes }) {
      const now = strikes.possible(out.state) ? null : strikes.answer(out.state);
      const { whole } = now || strikes.answer(nothing);
      return { left: now !== null, p: whole, positive: whole >= record.threshold };
    }

    /* "computational 66%, right": as the page says it. */
    function said(one) {
      const { p, positive } = answerOf(one);
      const pill = make("span", `pill ${kind(positive)}`, make("b", "", one.record.classes[Number(positive)]), ` ${percent(p)}`);
      const { label } = panelOf("first").dataset;
      if (!label) return [pill];
      const verdict = label === String(Number(positive)) ? "right" : "wrong";
      return [pill, " ", make("span", verdict, verdict)];
    }

    const whole = ({ strikes }, state) => percent(strikes.answer(state).whole);

    function showBox() {
      if (!box) return;
      box.hidden = !pair;
      if (!pair) return;
      sitegen.showQuote(partOf(box, "quote"), out.changed || out.why);
      const two = pair.map(of);
      const answers = two.map((one) => `${one.name} ${whole(one, nothing)} → ${whole(one, out.state)}`);
      partOf(box, "line").textContent = out.changed ? `Without ${out.strikes.named(out.state)}: ${answers.join(", ")}` : "";
      partOf(box, "why").textContent = out.why;
      box.firstChild.replaceChildren(...two.map((one) => make("span", "", `${one.name} ${out.changed ? "would say" : "says"} `, ...said(one))));
      partOf(box, "undo").disabled = !out.steps;
      partOf(box, "copy").hidden = partOf(box, "reset").hidden = !out.changed;
    }

    /* ---- what else says an answer ---- */
    const switched = document.querySelector(".model-switch");
    const line = make("p", "apart");
    const asWritten = new Map(); // parts of the page -> what they say of the whole text

    /* The line beside the switch: whether the others agree with the model that is shown. */
    function showLine() {
      line.hidden = Boolean(pair) || !out.changed;
      if (line.hidden) return;
      const here = answerOf(of(shown)).positive;
      const others = shown === "first" ? keys : ["first"];
      line.replaceChildren(
        ...others.map(of).flatMap((one) => {
          const { left, positive } = answerOf(one);
          const says = left ? `${positive === here ? "agrees" : "disagrees"}: it would say` : "says, about the whole text,";
          return [`${one.name} ${says} `, ...said(one), ". "];
        }),
      );
    }

    /* Have a part of the page say something else while something is out. */
    function follow(part, text) {
      if (!part) return;
      if (!asWritten.has(part)) asWritten.set(part, part.textContent);
      part.textContent = text;
    }

    function showNames() {
      for (const [part, text] of asWritten) part.textContent = text;
      for (const key of ["first", ...keys]) {
        const number = switched.querySelector(`input[value="${key}"] + span b`);
        if (!out.changed) {
          if (asWritten.has(number)) number.className = `ink-${kind(number.textContent.startsWith("▲"))}`;
          continue;
        }
        const one = of(key);
        const { left, p, positive } = answerOf(one);
        follow(number, `${positive ? "▲" : "▼"} ${percent(p)}${left ? "" : " (whole text)"}`);
        number.className = `ink-${kind(positive)}`;
        const name = document.querySelector(`div[data-by="${key}"] ${key === "first" ? ".figure-name" : ".heatmap > h2"}`);
        if (name && left) follow(name.firstChild, `${one.name}: ${percent(p)} “${one.record.classes[1]}” (whole text: ${whole(one, nothing)}) `);
      }
    }

    function follows() {
      switched.toggleAttribute("data-changed", out.changed);
      showBox();
      showLine();
      showNames();
    }
    switched.append(line);
    out.on(follows);
    follows();

    /* ---- the text's key ---- */

    function showKey(by) {
      if (!key) return;
      const { from, colour } = by === "first" ? { from: "first" } : panelOf(by).dataset;
      key.replaceChildren(...(colour ? [colour] : written));
      const ownPart = key.querySelector("[data-own]");
      if (ownPart) ownPart.hidden = !from;
    }

    return {
      of,
      restore(asked) {
        if (!out.changed && asked) out.set(out.strikes.fromText(asked));
      },
      panel(element, by) {
        const { record, out: followed } = of(by);
        sitegen.answer(element, record, followed, new AbortController().signal);
      },
      show(by, both) {
        pair = both ? ["first", by] : null;
        shown = by;
        if (both && !box) makeBox();
        showKey(both ? "first" : by);
        out.ask((pair || [by]).map((one) => of(one).strikes));
      },
    };
  };
})();
