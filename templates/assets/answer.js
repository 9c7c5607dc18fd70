/* The answer panel follows what the reader takes out: probability, class, right or wrong, the path, and a line to quote.

   sitegen.answer(panel, record, out, signal) ties the panel (partials/answer_panel.html) to `out` (strikeout.js), until
   signal says that another record takes the place of this one, and gives show(), which writes the record's own answer
   into it. Its parts, by data-part: says, percent, predicted, verdict (right or wrong; absent without a label), told (the
   story, which is of the text as written), quote with line, why, undo, reset and copy; and in the path the steps "title"
   and "abstract" with data-from and data-to, and the marker. The key of the text's colours follows the first of those that
   are asked (strikeout.js); data-from of a panel: where the shares of its model begin, where that is not the page's own.

   sitegen.showQuote(quote, on) shows a quote or hides it; the focus that was in it goes to the answer above it.

   sitegen.atTheEdge(quote, signal) says how much room a quote takes, for what stands above it. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const { percent } = sitegen.numbers;

  sitegen.answer = function (panel, record, out, signal) {
    const { strikes } = out;
    const part = (name) => panel.querySelector(`[data-part="${name}"]`);
    const label = panel.dataset.label; // "1", "0" or ""
    const start = document.querySelector('[data-part="shares-from"]'); // in the key of the text's colours
    if (start) start.dataset.first ??= start.textContent; // as the page has it: by the site's own model
    const written = start && (panel.dataset.from ?? start.dataset.first);

    function step(name, from, to) {
      const element = panel.querySelector(`[data-step="${name}"]`);
      if (!element) return;
      element.classList.toggle("out", to === null);
      const end = to === null ? from : to;
      element.classList.toggle("still", percent(end) === percent(from));
      const arrow = element.querySelector(".arrow");
      arrow.style.setProperty("--left", Math.min(from, end));
      arrow.style.setProperty("--width", Math.abs(end - from));
      arrow.className = `arrow ${end > from ? "positive" : "negative"}`;
      element.querySelector("[data-change]").textContent = to === null ? "taken out" : `${percent(from)} → ${percent(to)}`;
    }

    function show() {
      const { changed } = out;
      const now = strikes.answer(out.state);
      if (!now) return; // another model is shown, which knows what this one was not asked
      const { empty, title, whole } = now;
      const positive = whole >= record.threshold;
      panel.classList.toggle("changed", changed);
      for (const kind of ["positive", "negative"]) {
        panel.classList.toggle(kind, positive === (kind === "positive"));
        part("predicted").classList.toggle(kind, positive === (kind === "positive"));
      }
      part("says").textContent = changed ? "would say" : "says";
      part("percent").textContent = percent(whole);
      part("predicted").textContent = record.classes[positive ? 1 : 0];
      const verdict = part("verdict");
      if (verdict) {
        const right = label === (positive ? "1" : "0");
        verdict.textContent = right ? "right" : "wrong";
        verdict.className = verdict.textContent;
      }
      step("title", empty, title);
      const abstract = record.sentences.length && out.state.sentences.size === record.sentences.length;
      step("abstract", title === null ? empty : title, abstract && !strikes.replaced ? null : whole);
      if (start && out.asked?.[0] === strikes) start.textContent = title === null ? `${percent(empty)} (before it reads anything)` : written;
      part("marker").style.setProperty("--place", whole);
      sitegen.showQuote(part("quote"), changed || out.why);
      part("line").textContent = changed ? strikes.line(out.state) : "";
      part("why").textContent = out.why;
      part("undo").disabled = !out.steps;
      part("copy").hidden = part("reset").hidden = !changed;
    }

    part("undo").addEventListener("click", out.undo, { signal });
    part("reset").addEventListener("click", out.reset, { signal });
    part("copy").addEventListener("click", () => sitegen.copyText(part("line").textContent, part("copy")), { signal });
    out.on(show);
    sitegen.atTheEdge(part("quote"), signal);
    return { show };
  };

  sitegen.showQuote = function (quote, on) {
    const focused = quote.contains(document.activeElement);
    quote.hidden = !on;
    if (!focused || on) return;
    quote.previousElementSibling.tabIndex = -1;
    quote.previousElementSibling.focus({ preventScroll: true });
  };

  /* On a phone the quote stands at the bottom edge: others keep as much room free as it takes, --quote (site.css). */
  sitegen.atTheEdge = function (quote, signal) {
    const observer = new ResizeObserver(() => {
      if (quote.offsetHeight) document.body.style.setProperty("--quote", `${quote.offsetHeight}px`);
    });
    observer.observe(quote);
    signal.addEventListener("abort", () => observer.disconnect());
  };

  /* Promises whether a text is in the clipboard now. Browsers may refuse that to a page without a secure address; then a
     selection is copied. */
  sitegen.copied = async function (text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const focused = document.activeElement;
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      focused.focus({ preventScroll: true });
      return done;
    }
  };

  /* Copy a text; the button says what came of it. */
  sitegen.copyText = async function (text, button) {
    button.dataset.name ||= button.textContent;
    button.textContent = (await sitegen.copied(text)) ? "Copied" : "Not copied: this browser refuses it";
    window.setTimeout(() => (button.textContent = button.dataset.name), 1500);
  };
})();
