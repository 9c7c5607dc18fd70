/* The switch between the models that read a record (partials/record_switch.html): the site's own, another, or both with
   their figures one above the other on the same axis.

   Elements with data-by belong to a model, "first" or the key of another; those that also have data-figure are its
   figure, and are shown beside the other's. Another's stand in templates, and are made when they are first shown. The text
   has the colours of the model that is shown: of another these come from the rows of its fold, and there are none where it
   cuts the text into other sentences. What is taken out of the text is taken out for whichever model is shown (beside.js).
   The choice is kept in the address: ?by=KEY, or ?by=both KEY. A link to the fold's place opens both. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const box = document.querySelector('[data-part="models"]');
  if (!box) return;
  const buttons = [...box.querySelectorAll("input")];
  const folds = [...document.querySelectorAll("[data-beside]")];
  const ownFolds = ["all-sentences", "all-words", "for-experts", "inside", "other-titles"].map((id) => document.getElementById(id)).filter(Boolean);
  const sentences = [...document.querySelectorAll(".sentence[data-sentence]")];
  const main = document.querySelector(".heatmap");
  const looks = main?.out?.written || []; // where something is out already, the text has other colours by now
  const written = sentences.map((one, k) => ({ way: looks[k]?.kind, strength: looks[k]?.strength, mark: one.dataset.symbol, hint: one.title }));
  const whose = sitegen.make("small", "", `Colours and marks by ${buttons[0].nextElementSibling.firstChild.data.trim()}`);
  whose.hidden = true;
  document.querySelector('[data-part="text-controls"]')?.append(whose);
  const words = [...document.querySelectorAll('[data-field="title"] .tint')].map((one) => ({ one, hint: one.title }));

  function colour(one, { way, strength, mark, hint }) {
    for (const name of ["positive", "negative", "quiet"]) one.classList.toggle(name, name === way);
    one.style.setProperty("--strength", strength);
    if (mark) one.dataset.symbol = mark;
    else delete one.dataset.symbol;
    one.title = hint;
  }

  /* The text in the colours of a model, as written, and the key of its marks. Words have the site's own model's alone. */
  function colourText(key) {
    for (const line of document.querySelectorAll("[data-marks-of]")) line.hidden = !line.dataset.marksOf.split(" ").includes(key);
    for (const { one, hint } of words) one.title = key === "first" ? hint : "";
    if (key !== "first") {
      document.querySelector('[data-part="colours"] input[value="sentences"]')?.click();
      document.querySelector('[data-part="unknown"]:checked')?.click();
    }
    if (key === "first") return sentences.forEach((one, k) => colour(one, written[k]));
    for (const one of sentences) colour(one, { way: "quiet", strength: "0", mark: "", hint: "" });
    const fold = folds.find((one) => one.dataset.beside === key && one.dataset.same !== undefined);
    for (const row of fold ? fold.querySelectorAll("tr[data-number]") : []) {
      const said = [...row.querySelectorAll("td.others")].map((cell) => `${cell.dataset.label} ${cell.textContent.trim()}`);
      colour(sentences[row.dataset.number - 1], { ...row.dataset, hint: `Sentence ${row.dataset.number}: ${said.join("; ")}` });
    }
  }

  /* What is shown of a model for the first time. */
  function make(template, key) {
    const part = document.importNode(template.content, true).firstElementChild;
    const one = beside && beside.of(key); // which reads what lies in the template
    template.replaceWith(part);
    if (!one) return;
    const figure = part.querySelector(".heatmap");
    if (figure) sitegen.heatmap(figure, one.data, one.data.strike && one.out);
    else beside.panel(part, key);
  }

  function show(choice) {
    const [, both, key] = /^(both )?(.*)$/.exec(choice);
    for (const template of document.querySelectorAll(`template[data-by="${key}"]`)) if (!both || "figure" in template.dataset) make(template, key);
    const isShown = (part) => (both ? "figure" in part.dataset && ["first", key].includes(part.dataset.by) : part.dataset.by === key);
    for (const part of document.querySelectorAll("[data-by]:not(template)")) part.hidden = !isShown(part);
    for (const fold of ownFolds) fold.hidden = !both && key !== "first";
    for (const fold of folds) if (fold.dataset.beside === key) fold.open = true;
    document.querySelector(".record").dataset.shown = both ? "both" : key === "first" ? "first" : "other";
    const shown = both ? "first" : key;
    document.querySelector(".record").toggleAttribute("data-apart", folds.some((one) => one.dataset.beside === shown && one.dataset.same === undefined));
    colourText(shown);
    whose.hidden = !both;
    if (beside) beside.show(key, Boolean(both));
    for (const button of buttons) button.checked = button.value === choice;
    const change = document.querySelector("a.try-it"); // there the text is read by the model that is shown here
    if (change) change.hash = `${change.hash.replace(/&by=.*/, "")}${choice === "first" ? "" : `&${new URLSearchParams({ by: choice })}`}`;
  }

  function choose(choice) {
    const address = new URLSearchParams(location.search);
    if (choice === "first") address.delete("by");
    else address.set("by", choice);
    history.replaceState(null, "", location.pathname + (address.size ? `?${address}` : "") + location.hash);
    show(choice);
  }

  const beside = sitegen.beside(main);
  const there = (choice) => buttons.some((button) => button.value === choice);
  const place = (address) => `both ${new URL(address).hash.slice(1)}`;
  const asked = new URLSearchParams(location.search).get("by") || "";
  for (const button of buttons) button.addEventListener("change", () => choose(button.value));
  // newURL: by now the figure may have put its view into the address
  window.addEventListener("hashchange", ({ newURL }) => there(place(newURL)) && choose(place(newURL)));
  box.hidden = false;
  const wanted = [place(location.href), asked].find(there);
  if (!wanted) return;
  const without = sitegen.view ? sitegen.view.read().without : "";
  choose(wanted);
  if (beside) beside.restore(without);
})();
