/* A text with the states of units as lines over its words, line of text by line of text, and a range of words that is
   chosen by pointer or keyboard.

   sitegen.patternText(element, chosen) gives { show(pieces), select(start, end), draw({ states, count, units, rows, cells,
   step }) }. element holds a canvas and the paragraph [data-part=words]. chosen(start, end) is called with the half-open
   range of known words that a reader has chosen. pieces: what stands before, between and behind the known words, and
   they themselves, in turn. draw gives the states (Int8Array, unit after unit, `count` each), the units whose lines are
   drawn [first, behind], and the cells whose lines are strong (see pattern-search.js). */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const STEPS = 127; // of a state from 0 to 1

  sitegen.patternText = function (element, chosen) {
    const canvas = element.querySelector("canvas");
    const paragraph = element.querySelector("[data-part=words]");
    let words = []; // the elements of the known words
    let range = [0, 0];
    let anchor = 0; // the end of the range that stays when it is extended
    let lines = null;

    function show(pieces) {
      words = [];
      const parts = pieces.map((piece, k) => {
        const span = document.createElement("span");
        span.textContent = piece;
        span.className = k % 2 ? "known" : "gap";
        if (k % 2) span.dataset.word = words.push(span) - 1;
        return span;
      });
      paragraph.replaceChildren(...parts);
    }

    function select(start, end) {
      words.forEach((word, k) => word.classList.toggle("chosen", k >= start && k < end));
      range = [start, end];
      if (anchor !== start && anchor !== end - 1) anchor = start;
      paint();
    }

    function choose(from, to) {
      if (!words.length) return;
      const clip = (k) => Math.max(0, Math.min(words.length - 1, k));
      anchor = clip(from);
      const other = clip(to);
      chosen(Math.min(anchor, other), Math.max(anchor, other) + 1);
    }

    /* --- the pointer: the word whose line is nearest, and in it the nearest word --- */
    function wordAt(x, y) {
      let best = -1;
      let least = Infinity;
      words.forEach((word, k) => {
        const box = word.getBoundingClientRect();
        const far = 1e4 * Math.max(box.top - y, 0, y - box.bottom) + Math.max(box.left - x, 0, x - box.right);
        if (far < least) [best, least] = [k, far];
      });
      return best;
    }
    let dragging = null;
    let tapped = false; // whether the last thing done was a tap that may begin a range
    element.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      const at = wordAt(event.clientX, event.clientY);
      const touch = event.pointerType === "touch";
      const extend = event.shiftKey || (touch && tapped);
      dragging = { from: extend ? anchor : at, at: -1, moved: false, touch, extend };
      if (!touch) step(at);
    });
    function step(at) {
      if (at === dragging.at) return;
      dragging.moved ||= dragging.at >= 0;
      dragging.at = at;
      choose(dragging.from, at);
    }
    element.addEventListener("pointermove", (event) => {
      if (dragging && event.buttons) step(wordAt(event.clientX, event.clientY));
    });
    window.addEventListener("pointerup", (event) => {
      if (!dragging) return;
      if (dragging.touch) step(wordAt(event.clientX, event.clientY));
      tapped = dragging.touch && !dragging.moved && !dragging.extend;
      dragging = null;
    });
    window.addEventListener("pointercancel", () => (dragging = null)); // the page scrolls
    element.addEventListener("dragstart", (event) => event.preventDefault());

    /* --- the keyboard --- */
    element.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const moving = anchor === range[0] ? range[1] - 1 : range[0];
      const target = { ArrowLeft: moving - 1, ArrowRight: moving + 1, Home: 0, End: words.length - 1 }[event.key];
      if (target === undefined) return;
      event.preventDefault();
      const to = Math.max(0, Math.min(words.length - 1, target));
      choose(event.shiftKey ? anchor : to, to);
      words[to]?.scrollIntoView({ block: "nearest" });
    });

    /* --- the lines --- */
    function layout() {
      const rows = [];
      for (const [k, word] of words.entries()) {
        const row = rows[rows.length - 1];
        const place = { k, left: word.offsetLeft, width: word.offsetWidth };
        if (row && Math.abs(row.top - word.offsetTop) < 4) row.places.push(place);
        else rows.push({ top: word.offsetTop, places: [place] });
      }
      return rows;
    }

    function paint() {
      const context = canvas.getContext("2d");
      const scale = window.devicePixelRatio || 1;
      const [width, height] = [element.clientWidth, element.scrollHeight];
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
      if (!lines || !words.length) return;
      const style = getComputedStyle(element);
      const color = (name) => style.getPropertyValue(name).trim();
      const font = getComputedStyle(paragraph);
      const high = parseFloat(font.lineHeight) - 1.7 * parseFloat(font.fontSize); // of the lines, above the words
      context.scale(scale, scale);
      const rows = layout();
      const y = (row, state) => row.top - 3 - (high * (1 + state / STEPS)) / 2;

      context.fillStyle = color("--pattern-band");
      for (const row of rows) {
        const inside = row.places.filter(({ k }) => k >= range[0] && k < range[1]);
        if (!inside.length) continue;
        const last = inside[inside.length - 1];
        const [left, top] = [inside[0].left, row.top - high - 3];
        context.fillRect(left, top, last.left + last.width - left, high + 3 + words[last.k].offsetHeight);
      }
      function stroke(ink, thick, dashed, path) {
        context.beginPath();
        path();
        Object.assign(context, { strokeStyle: ink, lineWidth: thick, lineJoin: "round" });
        context.setLineDash(dashed ? [4, 4] : []);
        context.stroke();
      }
      function line(unit) {
        const state = (k) => lines.states[unit * lines.count + k];
        for (const row of rows) {
          const { places } = row;
          const last = places[places.length - 1];
          context.moveTo(places[0].left, y(row, state(places[0].k)));
          for (const { k, left, width: wide } of places) context.lineTo(left + wide / 2, y(row, state(k)));
          context.lineTo(last.left + last.width, y(row, state(last.k)));
        }
      }
      function across(state) {
        for (const row of rows) {
          const last = row.places[row.places.length - 1];
          context.moveTo(row.places[0].left, y(row, state));
          context.lineTo(last.left + last.width, y(row, state));
        }
      }
      const { units, cells, step } = lines;
      stroke(color("--line"), 1, false, () => across(0));
      stroke(color("--pattern-faint"), 0.6, false, () => {
        for (let unit = lines.rows[0]; unit < lines.rows[1]; unit += 1) line(unit);
      });
      const thick = cells.length > 12 ? 0.9 : 1.4;
      for (const side of [1, -1]) stroke(color("--muted"), 1, true, () => across(side * step));
      stroke(color("--pattern-negative"), thick, false, () => cells.filter((cell) => cell >= units).forEach((cell) => line(cell - units)));
      stroke(color("--pattern-on"), thick, false, () => cells.filter((cell) => cell < units).forEach(line));
    }

    let waiting = 0;
    function later() {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(paint);
    }
    new ResizeObserver(later).observe(paragraph);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", later);

    return {
      show,
      select,
      draw(given) {
        lines = given;
        later();
      },
    };
  };
})();
