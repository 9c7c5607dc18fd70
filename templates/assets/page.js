/* On every page: tells the table's style sheet, which knows a class only, whether the reader wants dark. */
(function () {
  "use strict";
  window.sitegen = window.sitegen || {};
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => document.documentElement.classList.toggle("dark", dark.matches);
  dark.addEventListener("change", apply);
  apply();
})();
