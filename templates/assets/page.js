/* On every page: tells the table's style sheet, which knows a class only, whether the reader wants dark; and opens what
   is folded where a link's fragment points into it, which not every browser does. */
(function () {
  "use strict";
  window.sitegen = window.sitegen || {};
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => document.documentElement.classList.toggle("dark", dark.matches);
  dark.addEventListener("change", apply);
  apply();

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
