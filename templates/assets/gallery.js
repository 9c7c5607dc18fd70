/* The gallery: the papers that the state leaves (gallery-state.js), as cards or as a table, and as CSV.

   DataTables keeps order, filter and pages. The rows come as data (assets/index.js); those that stand in the page, for
   readers without scripts, give way to them. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const { one, many } = sitegen.nouns; // what the site calls a record
  const { all, matches, orders, orderOf, dramatic, models, OTHER } = sitegen.papers;
  const element = document.getElementById("gallery");
  const found = document.getElementById("found");
  const hasLabels = all.some((row) => row.label); // then there is a column of them, though perhaps no filter
  const measure = element.dataset.measure; // what the most influential sentence is chosen by
  const facetNames = [...element.querySelectorAll("thead th")].slice((hasLabels ? 4 : 3) + models.length, dramatic ? -2 : -1).map((th) => th.textContent);
  const names = ["picture", "title", "verdict", ...models.map((_, k) => `other${k}`), ...(hasLabels ? ["label"] : []), ...facetNames.map((_, k) => `facet${k}`), ...(dramatic ? ["step"] : []), "sentence"];
  const BY = { drama: "step", "probability-desc": "verdict", "probability-asc": "verdict", near: "picture", apart: "other0", "change-desc": "sentence", "title-asc": "title" };
  const ordered = (sort) => {
    const order = orderOf(sort);
    return order in BY ? [[names.indexOf(BY[order]), orders[order][1] ? "desc" : "asc"]] : [];
  };

  /* --- the table --- */
  const { state } = sitegen;
  let wanted = { terms: [], filters: [] };
  let kept = ""; // the order that is applied: one that a reader chose in the table's head stays until another is chosen
  const look = () => (wanted = { terms: sitegen.search.terms(state.q), filters: [...state.filters] });
  look();
  window.DataTable.ext.search.push((settings, _data, index) => settings.nTable !== element || matches(index, wanted));
  /* DataTables measures whether the buttons of the pages stand in one line, which at each key would lay out the page
     before its new rows are marked. It measures none where none are left to it: so there are as many as fit. */
  window.DataTable.ext.renderer.pagingContainer._ = (_settings, buttons) => buttons.splice(0);
  const buttons = window.matchMedia("(max-width: 40rem)").matches ? 3 : 7;
  element.tBodies[0].replaceChildren();
  element.classList.toggle("cards", state.view === "cards"); // before the first picture is laid out
  const table = new window.DataTable(element, {
    data: all,
    columns: sitegen.cells(names),
    deferRender: true,
    order: ordered(state.sort),
    autoWidth: false,
    pageLength: 24,
    displayStart: 24 * (state.page - 1),
    layout: { topStart: null, topEnd: null, bottomStart: "info", bottomEnd: { paging: { buttons } } },
    language: { emptyTable: `There are no ${many}.`, zeroRecords: `No ${one} matches. Clear the search or a filter.` },
  });
  kept = state.sort;

  /* --- what a search found is marked in the rows that are shown --- */
  const marked = new Set(); // rows, by number; one that is not shown keeps its marks until it is
  function mark() {
    const rows = table.rows({ page: "current" });
    const nodes = rows.nodes();
    rows.indexes().each((k, at) => {
      if (!wanted.terms.length && !marked.delete(k)) return;
      sitegen.mark(all[k], nodes[at], wanted.terms, sitegen.papers.text(k));
      if (wanted.terms.length) marked.add(k);
    });
  }

  function count() {
    const n = table.page.info().recordsDisplay;
    found.textContent = n === all.length ? `${n.toLocaleString("en")} ${many}` : `${n.toLocaleString("en")} of ${all.length.toLocaleString("en")} ${many}`;
  }
  function apply() {
    look();
    element.classList.toggle("cards", state.view === "cards");
    if (state.sort !== kept) table.order(ordered(state.sort));
    kept = state.sort;
    table.draw();
    const last = Math.max(0, table.page.info().pages - 1);
    if (state.page > 1) table.page(Math.min(state.page - 1, last)).draw("page");
    count();
  }
  table.on("draw", mark);
  table.on("page", () => sitegen.turnPage(table.page() + 1));
  sitegen.onState(apply);
  sitegen.galleryTable = table;

  /* --- a link to a paper tells its page what was found, so that this can go on to the next of them (trail.js) --- */
  function tell(event) {
    const anchor = event.target.closest?.("td a[href]");
    if (!anchor) return;
    const [, page, , place] = /^([^?#]*)(\?[^#]*)?(#.*)?$/.exec(anchor.getAttribute("href"));
    const among = state.q || state.filters.size ? "?" + new URLSearchParams({ among: sitegen.stateText() }) : "";
    anchor.setAttribute("href", page + among + (place || ""));
  }
  for (const kind of ["pointerdown", "click", "keydown"]) element.addEventListener(kind, tell, true);

  /* --- what was found, as CSV --- */
  document.getElementById("download").addEventListener("click", () => {
    const head = ["id", "title", ...facetNames, "predicted", "probability", ...models.map((name) => `${name}: probability`), "label", "right", "sentence", `${measure}_change`.replaceAll("-", "_"), "mark"];
    const lines = table
      .rows({ search: "applied", order: "applied" })
      .indexes()
      .toArray()
      .map((k) => all[k])
      .map((row) => [row.id, row.title, ...row.facets.map((values) => values.join("; ")), row.predicted, row.probability, ...row.others.map((other) => (other ? other[OTHER.probability] : "")), row.label, row.right, row.sentence, row.change, row.mark]);
    sitegen.saveCsv(many, head, lines);
  });

  document.getElementById("toolbar").hidden = false;
  count();
  mark();

  /* --- the abstracts come after the page, so that it shows at once --- */
  sitegen.load(element.dataset.texts).then(() => {
    sitegen.papers.forget();
    if (wanted.terms.length) apply();
    else sitegen.papers.foldAhead(0);
    document.documentElement.dataset.texts = "ready";
  });
  document.documentElement.dataset.ready = "gallery";
})();
