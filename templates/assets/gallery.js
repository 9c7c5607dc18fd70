/* The gallery: search as one types, filters, sorting, cards or table, the state in the URL, the rows found as CSV.

   DataTables keeps order, filter and pages. The rows come as data (assets/index.js) and are built node by node: no text
   of a record is ever read as HTML. The rows that stand in the page, for readers without scripts, give way to them. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const { one, many } = sitegen.nouns; // what the site calls a record
  const element = document.getElementById("gallery");
  const toolbar = document.getElementById("toolbar");
  const search = document.getElementById("search");
  const sort = document.getElementById("sort");
  const found = document.getElementById("found");
  const selects = [...toolbar.querySelectorAll("select[data-filter]")];

  /* --- text as it is compared: without accents, lower case, single blanks --- */
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();

  /* --- the rows, in the order of the source: each is a GalleryRow of gallery.py --- */
  const { fields, values } = sitegen.rows;
  const facts = values.map((value) => Object.fromEntries(fields.map((field, k) => [field, value[k]])));
  const hasLabels = facts.some((row) => row.label); // then there is a column of them, though perhaps no filter
  const facetNames = [...element.querySelectorAll("thead th")].slice(hasLabels ? 4 : 3, -1).map((th) => th.textContent);
  const facetText = (row, k) => row.facets[k].join("; "); // a paper may have several values of a facet
  const facet = (row, k) => (row.facets[k].length ? row.facets[k] : [sitegen.constants.none]);
  const has = (row, key, wanted) => (key.startsWith("facet") ? facet(row, Number(key.slice(5))).includes(wanted) : row[key] === wanted);

  /* --- what the search looks through: each row and its abstract, once that is loaded. Folding 3,000 abstracts takes a
     tenth of a second, so it is done ahead in idle time, and at the first search where that was sooner. --- */
  let folded = [];
  function hay(k) {
    const { id, title, facets, label, sentence } = facts[k];
    return (folded[k] ??= fold([id, title, ...facets.flat(), label, sentence, sitegen.texts ? sitegen.texts[k] : ""].join(" ")));
  }
  function foldAhead(k) {
    window.requestIdleCallback?.((idle) => {
      while (k < facts.length && idle.timeRemaining() > 1) hay(k++);
      if (k < facts.length) foldAhead(k);
    });
  }

  /* --- the cells of a row --- */
  function node(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }
  function link(href, text) {
    const made = node("a", "", text);
    made.href = href;
    return made;
  }
  function group(...parts) {
    const made = document.createElement("div");
    made.append(...parts);
    return made;
  }
  const cells = {
    picture(row) {
      const made = link(row.href, "");
      const image = node("img");
      Object.assign(image, { src: row.thumbnail, alt: "", loading: "lazy", decoding: "async" });
      Object.assign(made, { tabIndex: -1, ariaHidden: "true" });
      made.append(image, node("span", "sign " + (row.positive ? "positive" : "negative")));
      return made;
    },
    title: (row) => link(row.href, row.title),
    verdict(row) {
      const pill = node("span", "pill " + (row.positive ? "positive" : "negative"));
      pill.append(node("b", "", row.predicted), " " + row.percent);
      return pill;
    },
    label: (row) => (row.right ? group(row.label + " ", node("span", row.right, row.right)) : group(row.label)),
    sentence: (row) =>
      row.sentence
        ? group(
            link(row.sentence_href, row.sentence),
            " ",
            node("span", "effect effect-" + (row.upward ? "positive" : "negative"), `${measure} ${row.change_text} points`),
            ...(row.mark ? [" ", node("span", "mark", row.mark)] : []),
          )
        : group(),
  };
  const threshold = Number(element.dataset.threshold);
  const measure = element.dataset.measure; // what the most influential sentence is chosen by
  const order = {
    picture: (row) => Math.abs(row.probability - threshold),
    title: (row) => fold(row.title),
    verdict: (row) => row.probability,
    label: (row) => row.label,
    sentence: (row) => Math.abs(row.change),
  };
  function column(name) {
    return {
      data: null,
      className: name,
      render: (row, type) => (type === "display" ? cells[name](row) : type === "sort" || type === "type" ? order[name](row) : ""),
    };
  }
  function columns() {
    const facets = facetNames.map((_, k) => ({
      data: null,
      className: "facet",
      render: (row, type) => (type === "display" ? document.createTextNode(facetText(row, k)) : fold(facetText(row, k))),
    }));
    const names = ["picture", "title", "verdict", ...(hasLabels ? ["label"] : [])];
    return [...names.map(column), ...facets, column("sentence")];
  }

  /* --- the state: search text, filters, order, view; kept behind # so that a link shows the same papers --- */
  const view = () => toolbar.querySelector("input[name=view]:checked").value;
  let words = [];
  let chosen = [];
  function readState() {
    const state = new URLSearchParams(location.hash.slice(1));
    search.value = state.get("q") || "";
    for (const select of selects) {
      const wanted = state.get(select.dataset.filter);
      select.value = wanted !== null && [...select.options].some((option) => option.value === wanted) ? wanted : "";
    }
    sort.value = state.get("sort") || "";
    if (sort.selectedIndex < 0) sort.value = "";
    toolbar.querySelector(`input[value=${state.get("view") === "table" ? "table" : "cards"}]`).checked = true;
  }
  function writeState() {
    const state = new URLSearchParams();
    if (search.value.trim()) state.set("q", search.value.trim());
    for (const select of selects) if (select.value) state.set(select.dataset.filter, select.value);
    if (sort.value) state.set("sort", sort.value);
    if (view() === "table") state.set("view", "table");
    const text = state.toString();
    history.replaceState(null, "", text ? "#" + text : location.pathname + location.search);
  }

  /* --- the table --- */
  readState();
  window.DataTable.ext.search.push((settings, _data, index) => {
    if (settings.nTable !== element) return true;
    return words.every((word) => hay(index).includes(word)) && chosen.every(([key, wanted]) => has(facts[index], key, wanted));
  });
  const last = element.tHead.rows[0].cells.length - 1;
  const orders = {
    "": [],
    "probability-desc": [[2, "desc"]],
    "probability-asc": [[2, "asc"]],
    near: [[0, "asc"]],
    "change-desc": [[last, "desc"]],
    "title-asc": [[1, "asc"]],
  };
  element.tBodies[0].replaceChildren();
  const table = new window.DataTable(element, {
    data: facts,
    columns: columns(),
    deferRender: true,
    order: orders[sort.value],
    autoWidth: false,
    pageLength: 24,
    layout: { topStart: null, topEnd: null, bottomStart: "info", bottomEnd: "paging" },
    language: { emptyTable: `There are no ${many}.`, zeroRecords: `No ${one} matches. Clear the search or a filter.` },
  });

  function apply() {
    words = fold(search.value).split(" ").filter(Boolean);
    chosen = selects.map((select) => [select.dataset.filter, select.value]).filter(([, wanted]) => wanted);
    element.classList.toggle("cards", view() === "cards");
    table.order(orders[sort.value]).draw();
    const n = table.rows({ search: "applied" }).count();
    found.textContent = n === facts.length ? `${n.toLocaleString("en")} ${many}` : `${n.toLocaleString("en")} of ${facts.length.toLocaleString("en")} ${many}`;
  }
  function changed() {
    apply();
    writeState();
  }
  search.addEventListener("input", changed);
  for (const control of [...selects, sort, ...toolbar.querySelectorAll("input[name=view]")]) control.addEventListener("change", changed);
  window.addEventListener("hashchange", () => {
    readState();
    apply();
  });
  document.getElementById("clear").addEventListener("click", () => {
    search.value = "";
    for (const select of [...selects, sort]) select.value = "";
    changed();
  });

  /* --- what was found, as CSV --- */
  document.getElementById("download").addEventListener("click", () => {
    const quote = (text) => '"' + String(text).replaceAll('"', '""') + '"';
    const head = ["id", "title", ...facetNames, "predicted", "probability", "label", "right", "sentence", `${measure}_change`.replaceAll("-", "_"), "mark"];
    const lines = table
      .rows({ search: "applied", order: "applied" })
      .indexes()
      .toArray()
      .map((k) => facts[k])
      .map((row) => [row.id, row.title, ...facetNames.map((_, k) => facetText(row, k)), row.predicted, row.probability, row.label, row.right, row.sentence, row.change, row.mark]);
    const text = [head, ...lines].map((line) => line.map(quote).join(",")).join("\r\n") + "\r\n";
    const address = URL.createObjectURL(new Blob(["\ufeff" + text], { type: "text/csv" }));
    const anchor = link(address, "");
    anchor.download = `${many.replace(/[^\p{L}\p{N}]+/gu, "-")}.csv`;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  });

  toolbar.hidden = false;
  apply();

  /* --- the abstracts come after the page, so that it shows at once --- */
  const texts = document.createElement("script");
  texts.src = element.dataset.texts;
  texts.addEventListener("load", () => {
    folded = [];
    if (words.length) apply();
    else foldAhead(0);
    document.documentElement.dataset.texts = "ready";
  });
  document.head.append(texts);

  /* --- the histogram --- */
  const ready = () => (document.documentElement.dataset.ready = "gallery");
  sitegen.chart(document.getElementById("histogram"), sitegen.histogram, { renderer: "svg", downloadFileName: "probabilities" }).then(ready);
})();
