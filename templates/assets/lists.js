/* Ranked lists: search, filters and order for all lists of a page (data-list) by one row of tools (data-tools), the
   state behind # so that a link shows the same rows, and at first no more than a few rows of each list.

   A row has its numbers as data-<order>, larger first, and its filters as data-<filter>: words, one of which must be the
   chosen one. A row with data-beyond is below the list's end: it is shown only where a mark is asked for. The rows stand
   in the page, and all are seen where scripts do not run; on paper are all that were found. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const FIRST = 10;
  const tools = document.querySelector("[data-tools]");
  if (!tools) return (document.documentElement.dataset.ready = "lists"); // nothing was asked that could be listed
  const search = tools.querySelector("input");
  const filters = [...tools.querySelectorAll("select[data-filter]")];
  const sort = tools.querySelector("select[data-sort]");
  const standard = sort.options[0].value;
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
  let paper = false;

  /* A word is found by itself and its forms: the titles of its examples would make it answer to theirs. */
  function searched(row) {
    const named = [...row.querySelectorAll(".word, .forms")];
    return (named.length ? named : [row]).map((part) => part.textContent).join(" ");
  }

  const lists = [...document.querySelectorAll("[data-list]")].map((element) => {
    const rows = [...element.children].map((row) => ({ row, text: fold(searched(row)) }));
    const [count, more] = ["output", "button"].map((tag) => sitegen.make(tag));
    more.type = "button";
    element.after(sitegen.make("p", "list-foot", count, " ", more));
    const list = { element, rows, count, more, open: false, order: standard }; // as its rows stand in the page
    more.addEventListener("click", () => {
      list.open = !list.open;
      show(list);
    });
    return list;
  });

  function wanted({ row, text }, words) {
    if ("beyond" in row.dataset && !filters.some((select) => select.dataset.filter === "mark" && !["", "none"].includes(select.value))) return false;
    return words.every((word) => text.includes(word)) && filters.every((select) => !select.value || row.dataset[select.dataset.filter].split(" ").includes(select.value));
  }
  function show(list) {
    const { element, rows, count, more, open } = list;
    const words = fold(search.value).split(" ").filter(Boolean);
    const by = (item) => Number(item.row.dataset[sort.value]);
    const sorted = sort.value === standard ? rows : [...rows].sort((a, b) => by(b) - by(a)); // a stable sort
    if (list.order !== sort.value) element.append(...sorted.map((item) => item.row)); // else a link in them keeps the focus
    list.order = sort.value;
    const found = sorted.filter((item) => wanted(item, words));
    const seen = new Set(open || paper ? found : found.slice(0, FIRST));
    for (const item of rows) item.row.hidden = !seen.has(item);
    count.textContent = found.length ? `${seen.size} of ${found.length}` : "Nothing here matches.";
    more.hidden = found.length <= FIRST;
    more.textContent = open ? "Show fewer" : `Show all ${found.length}`;
    more.setAttribute("aria-expanded", String(open));
  }
  const showAll = () => lists.forEach(show);

  function read() {
    const state = new URLSearchParams(location.hash.slice(1));
    search.value = state.get("q") || "";
    for (const select of [...filters, sort]) {
      const value = state.get(select.dataset.filter || "sort");
      select.value = [...select.options].some((option) => option.value === value) ? value : select.options[0].value;
    }
    showAll();
  }
  function changed() {
    const state = new URLSearchParams();
    if (search.value.trim()) state.set("q", search.value.trim());
    for (const select of filters) if (select.value) state.set(select.dataset.filter, select.value);
    if (sort.value !== standard) state.set("sort", sort.value);
    const text = state.toString();
    history.replaceState(null, "", text ? "#" + text : location.pathname + location.search);
    showAll();
  }
  search.addEventListener("input", changed);
  for (const select of [...filters, sort]) select.addEventListener("change", changed);
  tools.querySelector("button").addEventListener("click", () => {
    search.value = "";
    for (const select of [...filters, sort]) select.selectedIndex = 0;
    changed();
  });
  window.addEventListener("hashchange", () => {
    if (!location.hash || location.hash.includes("=")) read(); // else it is a place on the page
  });
  sitegen.onPaper((on) => {
    paper = on;
    showAll();
  });
  tools.hidden = false;
  read();
  document.documentElement.dataset.ready = "lists";
})();
