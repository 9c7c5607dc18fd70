/* The switches that limit a ranked list to the sentences with a mark: every element with data-limit, the id of its
   table. Rows of such sentences carry data-passes. Rows with data-beyond are below the list's end: they
   are shown only where it is limited. Tables that page and search by themselves (tables.js) ask `sitegen.limited` and
   draw themselves anew. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const switches = [...document.querySelectorAll("[data-limit]")];

  /* Whether a row of a table is to be seen. */
  sitegen.limited = (table, row) => {
    const box = switches.find((element) => element.dataset.limit === table.id);
    const on = box && box.querySelector("input").checked;
    return on ? "passes" in row.dataset : !("beyond" in row.dataset);
  };

  for (const box of switches) {
    const table = document.getElementById(box.dataset.limit);
    box.hidden = false;
    box.querySelector("input").addEventListener("change", () => {
      if ("table" in table.dataset) table.dispatchEvent(new Event("limit"));
      else for (const row of table.tBodies[0].rows) row.hidden = !sitegen.limited(table, row);
    });
  }
})();
