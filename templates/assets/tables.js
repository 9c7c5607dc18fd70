/* Ranked tables: sorting, search and paging for every table that carries data-table. The rows stand in the page and
   stay as they are where scripts do not run. */
(function () {
  "use strict";
  for (const table of document.querySelectorAll("table[data-table]")) {
    new window.DataTable(table, {
      order: [],
      autoWidth: false,
      pageLength: 25,
      lengthMenu: [10, 25, 50, 100],
      layout: { topStart: null, topEnd: "search", bottomStart: "info", bottomEnd: "paging" },
      language: { search: "", searchPlaceholder: "Search this table" },
    });
  }
  document.documentElement.dataset.ready = "tables";
})();
