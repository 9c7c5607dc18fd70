/* Ranked tables: sorting, search and paging for every table that carries data-table. The rows stand in the page and
   stay as they are where scripts do not run. limit.js says which of them are to be seen. */
(function () {
  "use strict";
  const DataTable = window.DataTable;
  const PAGE = 25; // rows that are shown together
  const FEW = 10; // rows that need no search
  DataTable.ext.search.push((settings, cells, index) =>
    window.sitegen.limited(settings.nTable, settings.aoData[index].nTr),
  );
  for (const element of document.querySelectorAll("table[data-table]")) {
    const rows = element.tBodies[0].rows.length;
    const table = new DataTable(element, {
      order: [],
      autoWidth: false,
      pageLength: PAGE,
      lengthMenu: [10, 25, 50, 100],
      layout: {
        topStart: null,
        topEnd: rows > FEW ? "search" : null,
        bottomStart: rows > FEW ? "info" : null,
        bottomEnd: rows > PAGE ? "paging" : null,
      },
      // The rows that a switch hides are not spoken of: "of 59 in total" would count rows that no reader can reach.
      language: {
        search: "",
        searchPlaceholder: "Search this table",
        info: "_START_ to _END_ of _TOTAL_ rows",
        infoEmpty: "no rows",
        infoFiltered: "",
        zeroRecords: "No row matches.",
        aria: { orderable: ": sort by it", orderableReverse: ": sort the other way round", orderableRemove: ": back to the first order" },
      },
    });
    const named = element.closest("[aria-labelledby]");
    const pages = table.table().container().querySelector("nav");
    if (named && pages) pages.setAttribute("aria-label", `Pages: ${document.getElementById(named.getAttribute("aria-labelledby")).textContent}`);
    element.addEventListener("limit", () => table.draw());
  }
  document.documentElement.dataset.ready = "tables";
})();
