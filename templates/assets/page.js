/* On every page: whether the reader wants dark, and whether the page goes to paper, as classes of the document element,
   "dark" (for the tables' style sheet, which knows nothing else) and "paper" (for theme.css).

   sitegen.onPaper(listener) calls listener(true) before the page is printed, when "paper" is set already, and
   listener(false) afterwards. What it does at once, or in promises that are kept at once, is printed.

   sitegen.make(tag, className, ...content) makes an element; texts in its content stay text.

   sitegen.download(blob, name) has the browser save a file.

   sitegen.load(address) loads a script once, and promises that it has run: for what only few readers ask for.

   sitegen.fillOnce(fold, draw, { instead, possible }) has draw() fill a fold when a reader first opens it, and promise
   that; data-state says how far that is: "folded", "loading", "drawn", or `instead`, where it failed or is not possible.

   The folded part of the navigation closes by Escape, and by a click beside it where it covers the page.

   And opens what is folded where a link's fragment points into it, which not every browser does. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const print = window.matchMedia("print");
  const listeners = [];
  const KEPT = 60_000; // milliseconds: until then a browser has taken what it saves
  let paper = print.matches;

  function apply() {
    root.classList.toggle("paper", paper);
    root.classList.toggle("dark", dark.matches && !paper);
  }
  function turn(on) {
    if (on === paper) return;
    paper = on;
    apply();
    for (const listener of listeners) listener(on);
  }

  sitegen.make = function (tag, className, ...content) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...content);
    return element;
  };

  sitegen.download = function (blob, name) {
    const link = sitegen.make("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), KEPT);
  };

  const loading = new Map(); // address -> the promise that its script has run
  sitegen.load = function (address) {
    if (!loading.has(address))
      loading.set(
        address,
        new Promise((resolve, reject) => {
          const script = document.createElement("script");
          script.src = address;
          script.addEventListener("load", resolve);
          script.addEventListener("error", () => reject(new Error(`${address} cannot be loaded`)));
          document.head.append(script);
        }),
      );
    return loading.get(address);
  };

  sitegen.fillOnce = function (fold, draw, { instead, possible }) {
    function open() {
      if (!fold.open || fold.dataset.state !== "folded") return;
      fold.dataset.state = "loading";
      draw().then(
        () => (fold.dataset.state = "drawn"),
        (error) => {
          fold.dataset.state = instead;
          window.console.error(error);
        },
      );
    }
    fold.dataset.state = possible ? "folded" : instead;
    fold.addEventListener("toggle", open);
    open();
  };

  sitegen.onPaper = (listener) => listeners.push(listener);
  dark.addEventListener("change", apply);
  print.addEventListener("change", () => turn(print.matches));
  window.addEventListener("beforeprint", () => turn(true));
  window.addEventListener("afterprint", () => turn(false));
  apply();

  const more = document.querySelector(".masthead .more");
  if (more) {
    more.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !more.open) return;
      more.open = false;
      more.querySelector("summary").focus();
    });
    document.addEventListener("click", (event) => {
      const covers = window.getComputedStyle(more.querySelector("ul")).position === "absolute";
      if (covers && !more.contains(event.target)) more.open = false;
    });
  }

  function reveal() {
    const target = document.getElementById(window.location.hash.slice(1));
    let fold = target && target.closest("details:not([open])");
    if (!fold) return;
    for (; fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView();
  }
  window.addEventListener("hashchange", reveal);
  reveal();
})();
