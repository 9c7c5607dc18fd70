/* Ranked tables: sorting, search and paging for every table that carries data-table. The rows stand in the page and
   stay as they are where scripts do not run. limit.js says which of them are to be seen. */
(function () {
  "use strict";
  const DataTable = window.DataTable;
  DataTable.ext.search.push((settings, cells, index) =>
    window.sitegen.limited(settings.nTable, settings.aoData[index].nTr),
  );
  for (const element of document.querySelectorAll("table[data-table]")) {
    const table = new DataTable(element, {
      order: [],
      autoWidth: false,
      pageLength: 25,
      lengthMenu: [10, 25, 50, 100],
      layout: { topStart: null, topEnd: "search", bottomStart: "info", bottomEnd: "paging" },
      language: { search: "", searchPlaceholder: "Search this table" },
    });
    element.addEventListener("limit", () => table.draw());
  }
  document.documentElement.dataset.ready = "tables";
})();
