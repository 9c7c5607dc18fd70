/* What narrows the gallery: the search, the filters, the order, the view and the page, kept behind # in the address, so
   that a link, a reload and the browser's Back show the same papers.

   Filters are chosen in the toolbar, or by one click on a button with data-only (a chip, a bar of the histogram, a cell
   of the table above): "bar=19", or several as an address has them. Each filter that holds has a chip that takes it off.

   sitegen.state                  { q, filters: Map, sort, view, page }
   sitegen.onState(listener)      listener(state) is called whenever it changes
   sitegen.setState(changes)      changes it; the first page is shown unless `page` is among the changes
   sitegen.stateText()            the same as the address has it
   sitegen.turnPage(page)         notes which page is shown, from 1 */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const toolbar = document.getElementById("toolbar");
  const search = document.getElementById("search");
  const sort = document.getElementById("sort");
  const chips = document.getElementById("narrowed");
  const selects = [...toolbar.querySelectorAll("select[data-filter]")];
  const ways = [...document.querySelectorAll("button[data-only]")];
  const listeners = [];
  const state = { q: "", filters: new Map(), sort: "", view: "cards", page: 1 };

  /* --- in words --- */
  const bars = Math.max(1, document.querySelectorAll(".bars > li").length);
  const named = (key) => selects.find((select) => select.dataset.filter === key)?.parentElement.firstChild.textContent.trim();
  /* A chip of the page in words, with what they mean: "undecided (the answer lies between 40% and 60%)". */
  function hinted(only, text) {
    const hint = ways.find((way) => way.dataset.only === only)?.title;
    return hint ? `${text} (${hint[0].toLowerCase()}${hint.slice(1)})` : text;
  }
  function words([key, value]) {
    if (key === "near") return hinted("near=1", "undecided");
    if (key === "turned") return "changed its mind";
    if (key.startsWith("differ")) return document.querySelector(`[data-only="${key}=1"]`)?.firstChild.textContent.trim() ?? key;
    if (key === "bar") return `${Math.round((100 * value) / bars)}% to ${Math.round((100 * (Number(value) + 1)) / bars)}%`;
    if (key === "right") return value;
    if (key === "label") return `labelled ${value}`;
    if (key === "predicted") return `predicted ${value}`;
    return `${named(key)}: ${value}`;
  }

  /* --- the address --- */
  sitegen.stateText = function () {
    const address = new URLSearchParams();
    if (state.q) address.set("q", state.q);
    for (const [key, value] of state.filters) address.set(key, value);
    if (state.sort) address.set("sort", state.sort);
    if (state.view === "table") address.set("view", "table");
    if (state.page > 1) address.set("page", state.page);
    return address.toString();
  };
  let due = 0; // of a key in the search the address follows once its rows are seen: browsers take milliseconds for it
  const writeSoon = () => {
    window.clearTimeout(due);
    due = window.setTimeout(write, 20);
  };
  function waitNoLonger() {
    window.clearTimeout(due);
    due = 0;
  }
  const writeNow = () => due && write();
  function write() {
    waitNoLonger();
    const text = sitegen.stateText();
    history.replaceState(history.state, "", text ? "#" + text : location.pathname + location.search);
  }
  function read() {
    const found = sitegen.papers.read(location.hash.slice(1));
    Object.assign(state, found, { filters: new Map(found.filters) });
    if (![...sort.options].some((option) => option.value === state.sort)) state.sort = "";
  }

  /* --- the controls show the state --- */
  const only = (button) => [...new URLSearchParams(button.dataset.only)];
  const holds = (filters) => filters.every(([key, value]) => state.filters.get(key) === value);
  function chip(text, off) {
    const button = sitegen.make("button", "chip", text);
    const item = sitegen.make("li", "", button);
    button.type = "button";
    button.setAttribute("aria-label", `${text}: take it off`);
    button.addEventListener("click", () => {
      const k = [...chips.children].indexOf(item);
      off();
      (chips.children[Math.min(k, chips.children.length - 1)]?.firstChild || search).focus({ preventScroll: true });
    });
    return item;
  }
  function show() {
    if (search.value.trim() !== state.q) search.value = state.q;
    for (const select of selects) select.value = state.filters.get(select.dataset.filter) ?? "";
    for (const select of selects) if (select.selectedIndex < 0) select.value = "";
    sort.value = state.sort;
    toolbar.querySelector(`input[value=${state.view}]`).checked = true;
    for (const button of ways) button.setAttribute("aria-pressed", String(holds(only(button))));
    chips.replaceChildren(
      ...[...state.filters].map((filter) => chip(words(filter), () => {
        const filters = new Map(state.filters);
        filters.delete(filter[0]);
        sitegen.setState({ filters });
      })),
    );
    chips.hidden = !state.filters.size;
  }
  function changed() {
    show();
    for (const listener of listeners) listener(state);
  }

  /* --- what changes it --- */
  sitegen.state = state;
  sitegen.onState = (listener) => listeners.push(listener);
  function set(changes) {
    Object.assign(state, { page: 1 }, changes);
    changed();
  }
  sitegen.setState = function (changes) {
    set(changes);
    write();
  };
  sitegen.turnPage = function (page) {
    state.page = page;
    write();
  };
  search.addEventListener("input", () => {
    set({ q: search.value.trim() });
    writeSoon();
  });
  for (const kind of ["change", "blur"]) search.addEventListener(kind, writeNow);
  sort.addEventListener("change", () => sitegen.setState({ sort: sort.value }));
  for (const select of selects)
    select.addEventListener("change", () => {
      const filters = new Map(state.filters);
      if (select.value) filters.set(select.dataset.filter, select.value);
      else filters.delete(select.dataset.filter);
      sitegen.setState({ filters });
    });
  for (const control of toolbar.querySelectorAll("input[name=view]"))
    control.addEventListener("change", () => sitegen.setState({ view: control.value }));
  for (const button of ways) {
    button.disabled = false;
    button.addEventListener("click", () => {
      const filters = new Map(state.filters);
      const wanted = only(button);
      if (holds(wanted)) for (const [key] of wanted) filters.delete(key);
      else for (const [key, value] of wanted) filters.set(key, value);
      sitegen.setState({ filters });
      if (button.matches(".ways .chip[aria-pressed=true]")) document.getElementById("gallery-heading").scrollIntoView();
    });
  }
  document.getElementById("clear").addEventListener("click", () => sitegen.setState({ q: "", filters: new Map(), sort: "" }));
  window.addEventListener("hashchange", () => {
    waitNoLonger();
    if (location.hash && !location.hash.includes("=")) return write(); // a place on the page: the state stays in the address
    read();
    changed();
  });
  read();
  show();
})();
