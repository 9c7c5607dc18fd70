/* The switch between the models that read a record (partials/record_switch.html): the site's own, another, or both with
   their figures one above the other on the same axis.

   Elements with data-by belong to a model, "first" or the key of another; those that also have data-figure are its
   figure, and are shown beside the other's. Another's stand in templates, and are made when they are first shown; of what
   its figure's words have in common with the first one's, their data say nothing. The text has the colours of the model that is shown: of another these come
   from the rows of its fold. The choice is kept in the address: ?by=KEY, or ?by=both KEY. A link to the fold's place
   opens both. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const box = document.querySelector('[data-part="models"]');
  if (!box) return;
  const buttons = [...box.querySelectorAll("input")];
  const folds = [...document.querySelectorAll("[data-beside]")];
  const ownFolds = ["all-sentences", "all-words", "for-experts", "inside", "other-titles"].map((id) => document.getElementById(id)).filter(Boolean);
  const sentences = [...document.querySelectorAll(".sentence[data-sentence]")];
  const look = (one) => ({ way: ["positive", "negative"].find((way) => one.classList.contains(way)) || "quiet", strength: one.style.getPropertyValue("--strength"), mark: one.dataset.symbol, hint: one.title });
  const written = sentences.map(look);

  function colour(one, { way, strength, mark, hint }) {
    for (const name of ["positive", "negative", "quiet"]) one.classList.toggle(name, name === way);
    one.style.setProperty("--strength", strength);
    if (mark) one.dataset.symbol = mark;
    else delete one.dataset.symbol;
    one.title = hint;
  }

  /* The text in the colours of a model; of the site's own where another cuts it differently. */
  function colourText(key) {
    sentences.forEach((one, k) => colour(one, written[k]));
    const fold = folds.find((one) => one.dataset.beside === key && one.dataset.same !== undefined);
    for (const row of fold ? fold.querySelectorAll("tr[data-number]") : []) {
      const said = [...row.querySelectorAll("td.others")].map((cell) => `${cell.dataset.label} ${cell.textContent.trim()}`);
      colour(sentences[row.dataset.number - 1], { ...row.dataset, hint: `Sentence ${row.dataset.number}: ${said.join("; ")}` });
    }
  }

  const dataOf = (figure) => JSON.parse(figure.querySelector('[data-part="data"]').textContent);

  /* What is shown of a model for the first time. */
  function make(template) {
    const part = document.importNode(template.content, true).firstElementChild;
    template.replaceWith(part);
    const figure = part.querySelector(".heatmap");
    if (!figure || !sitegen.heatmap) return;
    const [first, own] = [dataOf(document.querySelector(".heatmap")), dataOf(figure)];
    sitegen.heatmap(figure, { ...own, title: { ...first.title, ...own.title }, abstract: { ...first.abstract, ...own.abstract } });
  }

  function show(choice) {
    const [, both, key] = /^(both )?(.*)$/.exec(choice);
    for (const template of document.querySelectorAll(`template[data-by="${key}"]`)) if (!both || "figure" in template.dataset) make(template);
    const isShown = (part) => (both ? "figure" in part.dataset && ["first", key].includes(part.dataset.by) : part.dataset.by === key);
    for (const part of document.querySelectorAll("[data-by]:not(template)")) part.hidden = !isShown(part);
    for (const fold of ownFolds) fold.hidden = !both && key !== "first";
    for (const fold of folds) if (fold.dataset.beside === key) fold.open = true;
    document.querySelector(".record").dataset.shown = both ? "both" : key === "first" ? "first" : "other";
    colourText(both ? "first" : key);
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

  const there = (choice) => buttons.some((button) => button.value === choice);
  const place = () => `both ${location.hash.slice(1)}`;
  const asked = new URLSearchParams(location.search).get("by") || "";
  for (const button of buttons) button.addEventListener("change", () => choose(button.value));
  window.addEventListener("hashchange", () => there(place()) && choose(place()));
  /* What a reader takes out of the text is taken out for the site's own model, whose answer shows it. */
  document.querySelector(".heatmap")?.out?.on(() => buttons[0].checked || choose("first"));
  box.hidden = false;
  if (there(place())) show(place());
  else if (there(asked)) show(asked);
})();
