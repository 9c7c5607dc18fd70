/* The keys of a figure: arrows, Home and End go from cell to cell, Enter opens a sentence, Delete takes it out, Escape
   leaves.

   sitegen.figureKeys(region, figure) listens to them on `region`. figure: drawn() says whether there is anything to go
   through; size() is { rows, columns }; here() the cell that stays, [row, column], or null; go(row, column) goes there, or
   as near as there is a cell; leave(), open(column), strike(column); done() comes after each. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});

  const MOVES = {
    ArrowLeft: ([row, k]) => [row, k - 1],
    ArrowRight: ([row, k]) => [row, k + 1],
    ArrowUp: ([row, k]) => [row - 1, k],
    ArrowDown: ([row, k]) => [row + 1, k],
    Home: ([row]) => [row, 0],
    End: ([row], { columns }) => [row, columns - 1],
  };

  sitegen.figureKeys = function (region, figure) {
    /* The first key goes to the last cell, and Home to the first of the last row. */
    function moved(key, here) {
      const { rows, columns } = figure.size();
      if (here) return MOVES[key](here, { columns });
      return [rows - 1, key === "Home" ? 0 : columns - 1];
    }

    region.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !figure.drawn()) return;
      const here = figure.here();
      if (event.key === "Escape") figure.leave();
      else if (MOVES[event.key]) figure.go(...moved(event.key, here));
      else if (event.key === "Enter" && here) figure.open(here[1]);
      else if (["Delete", "Backspace"].includes(event.key) && here && !event.repeat) figure.strike(here[1]);
      else return;
      event.preventDefault();
      figure.done();
    });
  };
})();
