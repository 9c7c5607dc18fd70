/* How large a record's figure is drawn, in pixels.

   sitegen.figureSize.of({ root, region, columns, rows, numbers, words }) gives { width: of the plot, row: the height of a row,
   numbers: as given, room: at the right of the plot } of a figure in the element `root` whose picture has the room of `region`:
   columns as strips.js makes them; rows: how many there are; numbers: whether cells show theirs; words: whether columns
   are words. numbersMost: of how many columns numbers can be shown. padding: around the plot. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});

  const STEP = 28; // a column of words that holds a number
  const MOST = 200; // columns: a wider canvas is more than phones draw
  const HEIGHT = 126; // what rows share, where their least and greatest heights let them
  const ROW = { least: 4, most: 14, numbered: 14 };
  const NARROW = 480; // below it what stands beside the plot is shorter
  const ROOM = { wide: 72, narrow: 70 };
  const PADDING = { left: 3, top: 20, bottom: 3, right: 3 };

  function of({ root, region, columns, rows, numbers, words }) {
    const room = root.clientWidth < NARROW ? ROOM.narrow : ROOM.wide;
    const fitting = Math.max(120, region.clientWidth - room - PADDING.left);
    const count = columns[columns.length - 1].x2 - columns[0].x;
    const width = numbers && words ? Math.max(fitting, Math.round(STEP * count)) : fitting;
    const row = Math.min(ROW.most, Math.max(numbers ? ROW.numbered : ROW.least, Math.floor(HEIGHT / rows)));
    return { width, row, numbers, room };
  }

  sitegen.figureSize = { of, numbersMost: MOST, padding: PADDING };
})();
