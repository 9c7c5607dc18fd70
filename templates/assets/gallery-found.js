/* Which papers of the gallery a search and its filters leave, and in which order: from the rows alone, without the page,
   so that the page of a paper can tell its neighbours in what was found (trail.js).

   sitegen.papers.all                 the rows in the order of the source, each a GalleryRow of gallery.py
   sitegen.papers.KEYS                what can be filtered by, beside the facets ("facet0", ...)
   sitegen.papers.has(row, key, value)  whether a row passes a filter
   sitegen.papers.matches(k, state)   whether row k is left; state: { terms, filters: [[key, value], ...] }
   sitegen.papers.models              the names of further models
   sitegen.papers.OTHER               the places of what another model says in an entry of a row's `others`
   sitegen.papers.orders              by the name of each order the value it goes by, and whether the largest is first
   sitegen.papers.read(text)          the state that the address of the gallery keeps: { q, filters, sort, view, page }
   sitegen.papers.found(state)        the rows left, in order
   sitegen.papers.text(k)             what no row shows of record k, its abstract above all; "" until that is loaded */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const { fold, terms, finds } = sitegen.search;
  const { fields, values, models = [], other: placesOfOther = [] } = sitegen.rows;
  const all = values.map((value) => Object.fromEntries(fields.map((field, k) => [field, value[k]])));
  const KEYS = ["predicted", "label", "right", "near", "turned", "bar", "clear"];

  const DIFFER = /^differ(\d+)$/; // a further model, by number, that says something else
  const OTHER = Object.fromEntries(placesOfOther.map((name, k) => [name, k])); // the places of what it says
  const facet = (row, k) => (row.facets[k].length ? row.facets[k] : [sitegen.constants.none]);
  function has(row, key, value) {
    if (/^facet\d+$/.test(key)) return Number(key.slice(5)) < row.facets.length && facet(row, Number(key.slice(5))).includes(value);
    if (key === "near" || key === "turned") return value === "1" && row[key];
    if (DIFFER.test(key)) return value === "1" && Boolean(row.others[DIFFER.exec(key)[1]]?.[OTHER.differs]);
    return KEYS.includes(key) && String(row[key]) === value;
  }

  /* What the search looks through: each row, its abstract and its other columns once these are loaded. Folding 3,000
     abstracts may take a tenth of a second, so it is done ahead in idle time, and at the first search where that was
     sooner. */
  let folded = [];
  function text(k) {
    if (!sitegen.texts) return "";
    const [abstract, others] = sitegen.texts[k];
    return others ? `${abstract}\n${others}` : abstract;
  }
  function hay(k) {
    if (folded[k] !== undefined) return folded[k];
    const { id, title, facets, label, sentence } = all[k];
    return (folded[k] = [id, title, ...facets.flat(), label, sentence, text(k)].map(fold).join(" "));
  }
  function foldAhead(k) {
    window.requestIdleCallback?.((idle) => {
      while (k < all.length && idle.timeRemaining() > 1) hay(k++);
      if (k < all.length) foldAhead(k);
    });
  }
  const matches = (k, state) => state.filters.every(([key, value]) => has(all[k], key, value)) && finds(state.terms, hay(k));

  const orders = {
    drama: [(row) => row.drama, true],
    "probability-desc": [(row) => row.probability, true],
    "probability-asc": [(row) => row.probability, false],
    near: [(row) => Math.abs(row.probability - sitegen.rows.threshold), false],
    apart: [(row) => Math.max(...row.others.map((other) => (other ? Math.abs(other[OTHER.probability] - row.probability) : -1))), true],
    "change-desc": [(row) => Math.abs(row.change), true],
    "title-asc": [(row) => fold(row.title), false],
  };
  const dramatic = all.some((row) => row.step);
  const orderOf = (sort) => (sort === "" && dramatic ? "drama" : sort);

  /* Of the address only what makes sense: values that some paper has. */
  function read(text) {
    const address = new URLSearchParams(text);
    const filters = [...address].filter(([key, value]) => all.some((row) => has(row, key, value)));
    return {
      q: address.get("q") || "",
      filters: [...new Map(filters)],
      sort: Object.hasOwn(orders, address.get("sort")) || address.get("sort") === "source" ? address.get("sort") : "",
      view: address.get("view") === "table" ? "table" : "cards",
      page: Math.max(1, Number.parseInt(address.get("page"), 10) || 1),
    };
  }
  function found(state) {
    const wanted = { terms: terms(state.q), filters: state.filters };
    const rows = all.filter((_, k) => matches(k, wanted));
    const order = orders[orderOf(state.sort)];
    if (!order) return rows;
    const [value, largestFirst] = order;
    const sign = largestFirst ? -1 : 1;
    const keyed = rows.map((row) => [value(row), row]);
    keyed.sort(([a], [b]) => (a < b ? -sign : a > b ? sign : 0));
    return keyed.map(([, row]) => row);
  }

  sitegen.papers = { all, KEYS, models, OTHER, has, matches, orders, orderOf, read, found, text, foldAhead, dramatic, forget: () => (folded = []) };
})();
