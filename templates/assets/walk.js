/* The walk through the picture of the page "How to read this": a button at each step and at each cell in words.

   An element with data-cell="ROW.WORD" (from 1, as in the address; word 0: the title alone) gets a button that keeps this
   cell in the readout of the page's figure and shows the text as written; one with data-takes-out="3" a button that takes
   out that sentence and no other. The element whose button was pressed last has aria-current.

   Needs heatmap.js before it. */
(function () {
  "use strict";
  const root = document.querySelector(".heatmap");
  if (!root || !root.pin) return;
  const head = document.querySelector(".verdict-line"); // on a phone the panel itself has no box
  const places = [...document.querySelectorAll("[data-cell], [data-takes-out]")];

  function press(place) {
    for (const other of places) other.removeAttribute("aria-current");
    place.setAttribute("aria-current", "step");
    if (place.dataset.cell) {
      root.out.reset();
      const [row, word] = place.dataset.cell.split(".").map(Number);
      root.pin(row - 1, word - 1);
      root.scrollIntoView({ block: "nearest" });
    } else {
      root.out.reset();
      root.out.toggle(Number(place.dataset.takesOut) - 1);
      head.scrollIntoView({ block: "nearest" });
    }
  }

  for (const place of places) {
    const button = document.createElement("button");
    const text = place.dataset.cell ? "Show" : "Take it out";
    button.type = "button";
    button.textContent = text;
    button.setAttribute("aria-label", `${text}: ${place.textContent}`);
    button.addEventListener("click", () => press(place));
    place.append(" ", button);
  }
})();
