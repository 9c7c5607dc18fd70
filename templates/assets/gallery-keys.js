/* The gallery's keys, for readers who would rather not reach for the mouse: / searches, j and k go from paper to paper,
   Enter opens the one that has the focus, as it does with every link, ? shows them in a dialog. They can be turned off
   there, since programs that read speech as keys would press them. */
(function () {
  "use strict";
  const sitegen = window.sitegen;
  const dialog = document.getElementById("keys");
  const search = document.getElementById("search");
  const table = sitegen.galleryTable;
  const on = document.getElementById("keys-on");
  const links = () => [...document.querySelectorAll("#gallery tbody td.title a")];

  function move(by) {
    const all = links();
    const k = all.findIndex((link) => link.closest("tr").contains(document.activeElement));
    const to = k < 0 ? (by > 0 ? 0 : all.length - 1) : k + by;
    if (to >= 0 && to < all.length) return focus(all[to]);
    const { page, pages } = table.page.info();
    if (page + by < 0 || page + by >= pages) return;
    table.page(page + by).draw("page");
    const now = links();
    focus(now[by > 0 ? 0 : now.length - 1]);
  }
  function focus(link) {
    link.focus({ preventScroll: true });
    link.closest("tr").scrollIntoView({ block: "nearest" });
  }
  const show = () => dialog.open || dialog.showModal();
  const keys = {
    "/": () => search.focus(),
    j: () => move(1),
    k: () => move(-1),
    "?": show,
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target === search) return search.blur();
    if (!on.checked || event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.target.closest?.("input, select, textarea, [contenteditable]") || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
  document.getElementById("show-keys").addEventListener("click", show);
})();
