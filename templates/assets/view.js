/* What a reader has chosen to see of a record, kept in the address after #, so that a link opens exactly this view.

     columns=words | sentences    numbers=1 | 0    cell=ROW.WORD (from 1; word 0: the title alone)    open=SENTENCE,...
     without=2,5,t (sentences, t: the title)

   What is not named is as the page would have it by itself. An address that only names a place of the text, as #s3, is
   left alone.

   sitegen.view.read() gives { columns, numbers, cell: [row, word], open, without } with null where nothing is named, and
   sitegen.view.write(values) puts them into the address; values are texts, "" for none. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const NAMES = ["columns", "numbers", "cell", "open", "without"];

  const whole = (text) => (/^\d{1,6}$/.test(text) ? Number(text) : null);

  sitegen.view = {
    read() {
      const state = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
      const [row, word] = (state.get("cell") || "").split(".").map(whole);
      const columns = state.get("columns");
      const numbers = state.get("numbers");
      const open = (state.get("open") || "").split(",").map(whole).filter(Boolean);
      return {
        columns: columns === "words" || columns === "sentences" ? columns : null,
        numbers: numbers === "1" ? true : numbers === "0" ? false : null,
        cell: row && word !== null && word !== undefined ? [row - 1, word - 1] : null,
        open: open.map((s) => s - 1),
        without: state.get("without") || "",
      };
    },
    write(values) {
      const text = NAMES.filter((name) => values[name])
        .map((name) => `${name}=${values[name]}`)
        .join("&");
      if (!text && !location.hash.includes("=")) return;
      history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
    },
  };
})();
