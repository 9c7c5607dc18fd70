/* Draws one block of the picture of what units wrote (inside.js): one field, rows by columns of words, on a canvas.

   sitegen.insideDrawing(block) draws and gives where things are. block:
     canvas      the element, which gets its size
     rows        from top to bottom (inside-rows.js); known: the places of their cells among the words
     at          from words to pixels; words: how many there are; width: of the plot; left: where it begins; room: at
                 its right
     sums        by word, what all units wrote there; null for none, then rows have no parts either
     names       what the words are called; ends: where sentences end, in words; every: whether each word is named for
                 which there is room, else those at which much was written
     full        { bands, units }: the values from which on a colour is full
     grey        whether the values are movements, which are neither for nor against
     directions  how many there are
   It gives
     height      of the canvas
     headings    by direction, where its heading is: { top, height }
     boxes       by row, the same; bars: the same of the words' bars, null for none
     scale       what the longest bars stand for: { word, band, unit }

   All in pixels of the page. Colours are those of theme.css as they are now. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const NAMES = 15; // the words' names
  const BARS = 46; // the words' bars
  const HEADING = 16; // of a direction
  const HEIGHTS = { band: 13, unit: 4, within: 5 };
  const AFTER = 6; // behind what belongs together
  const LETTER = 6.2; // of 11 pixels
  const SHADES = 64; // on either side of the middle
  const NUMBER = 36; // a part's number
  const LEAST = 0.08; // of the largest sum: below it a word has no name

  const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

  function blend(one, other, share) {
    const channel = (colour, k) => parseInt(colour.slice(1 + 2 * k, 3 + 2 * k), 16);
    const mixed = [0, 1, 2].map((k) => Math.round(channel(one, k) + (channel(other, k) - channel(one, k)) * share));
    return `rgb(${mixed.join(",")})`;
  }

  function palette(grey) {
    const style = getComputedStyle(document.documentElement);
    const read = (name) => style.getPropertyValue(`--${name}`).trim();
    const middle = grey ? read("chart-ground") : read("ramp-middle");
    const ends = grey ? [read("chart-ink"), read("chart-ink")] : [read("ramp-negative"), read("ramp-positive")];
    const shades = ends.map((end) => Array.from({ length: SHADES + 1 }, (_, k) => blend(middle, end, k / SHADES)));
    return {
      shade: (value, full) => shades[value < 0 ? 0 : 1][Math.round(SHADES * Math.min(1, Math.abs(value) / full))],
      ground: read("chart-ground"),
      ruler: read("chart-ruler"),
      ink: read("chart-ink"),
      edge: read("chart-edge"),
      muted: read("muted"),
      bars: [read("chart-negative"), read("chart-positive")],
    };
  }

  function layout({ rows, sums, directions }) {
    let y = 0;
    const place = (height) => {
      const box = { top: y, height };
      y += height;
      return box;
    };
    if (sums) place(NAMES);
    const bars = sums ? place(BARS) : null;
    if (sums) y += AFTER;
    const headings = [];
    const boxes = [];
    for (let direction = 0; direction < directions; direction += 1) {
      headings.push(place(HEADING));
      rows.forEach((row, k) => {
        if (row.direction === direction) boxes[k] = place(HEIGHTS[row.within ? "within" : row.kind]);
      });
      y += direction < directions - 1 ? AFTER : 0;
    }
    return { height: y, headings, boxes, bars };
  }

  sitegen.insideDrawing = function (block) {
    const { canvas, rows, known, at, words, width, left, room, sums, names, every, ends, full, grey } = block;
    const colours = palette(grey);
    const places = layout(block);
    const ratio = window.devicePixelRatio || 1;
    const across = left + width + room;
    canvas.width = Math.round(across * ratio);
    canvas.height = Math.round(places.height * ratio);
    Object.assign(canvas.style, { width: `${across}px`, height: `${places.height}px` });
    const pen = canvas.getContext("2d");
    const sharp = (x) => Math.round(x * ratio) / ratio;
    const fill = (x, y, x2, y2) => pen.fillRect(sharp(x), sharp(y), sharp(x2) - sharp(x), sharp(y2) - sharp(y));
    pen.scale(ratio, ratio);
    pen.fillStyle = colours.ground;
    pen.fillRect(0, 0, across, places.height);
    pen.font = `11px ${getComputedStyle(document.body).fontFamily}`;
    pen.textBaseline = "middle";

    const edge = (word) => left + at(word);
    const scale = {
      word: sums ? largest(sums) : 0,
      band: largest(rows.filter(({ kind }) => kind === "band").map(({ part }) => part)),
      unit: largest(rows.filter(({ kind }) => kind === "unit").map(({ part }) => part)),
    };

    function cells() {
      const unread = new Set(Array.from({ length: words }, (_, word) => word));
      for (const word of known) unread.delete(word);
      rows.forEach(({ kind, cells: values }, k) => {
        const { top, height } = places.boxes[k];
        known.forEach((word, column) => {
          pen.fillStyle = colours.shade(values[column], kind === "band" ? full.bands : full.units);
          fill(edge(word), top, edge(word + 1), top + height - (kind === "band" ? 1 : 0));
        });
      });
      pen.fillStyle = colours.ruler;
      for (const word of unread)
        places.headings.forEach((_, direction) => {
          const own = places.boxes.filter((box, k) => rows[k].direction === direction);
          const last = own[own.length - 1];
          if (last) fill(edge(word), own[0].top, edge(word + 1), last.top + last.height);
        });
    }

    /* Where sentences meet, and their numbers beside the first direction's heading. */
    function sentences() {
      pen.textAlign = "center";
      ends.forEach((end, s) => {
        const first = s ? ends[s - 1] : 0;
        const [start, stop] = [edge(first), edge(end)];
        if (s) {
          pen.fillStyle = colours.edge;
          for (const [direction, heading] of places.headings.entries()) {
            const own = places.boxes.filter((box, k) => rows[k].direction === direction);
            const last = own[own.length - 1];
            if (last) fill(start - 0.5, heading.top + HEADING - 4, start + 0.5, last.top + last.height);
          }
        }
        pen.fillStyle = colours.muted;
        const text = String(s + 1);
        if (stop - start > LETTER * text.length + 4) pen.fillText(text, (start + stop) / 2, places.headings[0].top + HEADING / 2);
      });
    }

    function bars() {
      const { top } = places.bars;
      const [high, low] = [Math.max(0, ...sums), Math.min(0, ...sums)];
      const reach = high - low || 1;
      const y = (value) => top + ((high - value) / reach) * BARS;
      sums.forEach((value, word) => {
        if (!value) return;
        pen.fillStyle = colours.bars[value > 0 ? 1 : 0];
        const least = value > 0 ? Math.min(y(value), y(0) - 1 / ratio) : Math.max(y(value), y(0) + 1 / ratio);
        fill(edge(word), Math.min(least, y(0)), Math.max(edge(word) + 1, edge(word + 1) - (at(1) - at(0) > 4 ? 1 : 0)), Math.max(least, y(0)));
      });
      pen.fillStyle = colours.edge;
      fill(edge(0), y(0) - 0.5, edge(words), y(0) + 0.5);
    }

    /* The words' names, those of which most was written first, where there is room for them. */
    function named() {
      pen.fillStyle = colours.ink;
      pen.textAlign = "center";
      const taken = [];
      const order = Array.from(sums.keys()).sort((one, other) => Math.abs(sums[other]) - Math.abs(sums[one]));
      for (const word of order) {
        if (!every && (Math.abs(sums[word]) < LEAST * scale.word || !sums[word])) break;
        const half = pen.measureText(names[word]).width / 2 + 4;
        const middle = Math.max(left + half, Math.min(across - half, (edge(word) + edge(word + 1)) / 2));
        if (taken.some((other) => Math.abs(other.middle - middle) < other.half + half)) continue;
        taken.push({ middle, half });
        pen.fillText(names[word], middle, NAMES / 2);
      }
    }

    /* Each row's part of the answer: a bar, and its number where the row is high enough. */
    function parts() {
      const [from, to] = [left + width + 4, left + width + room - NUMBER];
      const zero = (from + to) / 2;
      rows.forEach(({ kind, part }, k) => {
        const { top, height } = places.boxes[k];
        const length = ((to - from) / 2) * (part / (scale[kind] || 1));
        pen.fillStyle = colours.bars[part > 0 ? 1 : 0];
        const air = kind === "band" ? 2 : 0.5;
        if (length) fill(Math.min(zero, zero + length), top + air, Math.max(zero, zero + length), top + height - air - (kind === "band" ? 1 : 0));
        if (kind !== "band") return;
        pen.fillStyle = colours.ink;
        pen.textAlign = "right";
        pen.fillText(sitegen.numbers.logOdds(part), across - 2, top + height / 2);
      });
      pen.fillStyle = colours.edge;
      for (const [direction, heading] of places.headings.entries()) {
        const own = places.boxes.filter((box, k) => rows[k].direction === direction);
        if (own.length) fill(zero - 0.5, heading.top + HEADING, zero + 0.5, own[own.length - 1].top + own[own.length - 1].height);
      }
    }

    cells();
    sentences();
    if (sums) {
      bars();
      named();
      parts();
    }
    return { ...places, scale };
  };
})();
