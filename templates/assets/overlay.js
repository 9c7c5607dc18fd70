/* What lies over the figure and beside it: the crosshair, the sentences that are taken out, the labels of its rows.

   Asking Vega to highlight costs 35 ms and more a move; these are elements placed by arithmetic. All in pixels.

   sitegen.overlay(root, record, ruler) gives, where `ruler` is what the ruler counts (strips.js)
     place({ at, from, until, left, top, row, zero })
                                     where the plot is within its stage: `at` takes words to pixels, the title's column
                                     goes from..until, `row` is a row's height, `zero` of the bars' height lies above
                                     their zero; everything is placed anew
     show(row, from, to)             frame a row (null: none) and what lies between two words (null: nothing)
     strike(state, changed)          cross out sentences and the title (strikeout.js); changed: whether anything is out,
                                     which curve and heatmap do not know of
     reveal(column)                  scroll a column into sight
     uncover()                       move the page so that the framed row lies above the readout, which on a phone stands at
                                     the bottom edge
     under(event, columns)           what lies under the pointer: { strip, row, k }, the strip's name, a row and the number
                                     of a column, or null */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const { make } = sitegen;
  const LINE = 2; // the frames' border in heatmap.css
  const END = 60; // of the curve's last value, beside it
  const ABOVE = 16; // of the names above the curve
  const LABEL = 10; // pixels from a row's label to the next, at least: where rows are lower, some have none
  const LETTERS = 11; // the largest size of a row's label
  const NUMBERS = 16; // of the bars' numbers, below them

  sitegen.overlay = function (root, record, ruler) {
    const part = (name) => root.querySelector(`[data-part="${name}"]`);
    const { layout } = sitegen.figure;
    const names = ["curve", "ruler", "heatmap", "shares"];
    let place = null;
    let struck = { title: false, sentences: new Set() };
    let changed = false;

    const heights = () => sitegen.stripHeights(record, place.row);

    function top(name) {
      const k = names.indexOf(name);
      return place.top + heights().slice(0, k).reduce((sum, height) => sum + height + layout.gap, 0);
    }

    function box(element, left, above, width, height) {
      element.hidden = false;
      Object.assign(element.style, { left: `${left}px`, top: `${above}px`, width: `${width}px`, height: `${height}px` });
    }

    function label(text, middle, className) {
      const element = make("span", className, text);
      element.style.top = `${middle}px`;
      return element;
    }

    /* The labels stand in a column of their own, which stays where the picture scrolls. */
    function labels() {
      const gutter = part("gutter");
      const made = sitegen.levels(record.threshold).map(({ p, text }) =>
        label(text, top("curve") + (1 - p) * layout.heights[0], "heatmap-label level"),
      );
      if (record.sentences.length) made.push(label(ruler, top("ruler") + layout.heights[1] / 2, "heatmap-label"));
      const every = Math.ceil(LABEL / place.row);
      gutter.style.setProperty("--row-label", `${Math.min(LETTERS, every * place.row - 1)}px`);
      for (let t = record.rows - 1; t >= 0; t -= every) {
        const text = record.title.count ? record.title.word(t) : record.titled ? "(no title)" : "";
        made.push(label(text, top("heatmap") + (t + 0.5) * place.row, "heatmap-label row"));
      }
      const shares = record.sentences.some(({ share }) => share !== null);
      if (record.sentences.length) made.push(label(shares ? "share" : "without it", top("shares") + Math.max(LABEL, (layout.heights[3] - NUMBERS) * place.zero), "heatmap-label"));
      gutter.replaceChildren(...made);
    }

    /* Over what is of the text as it was written, while the answer is that of what is left. */
    function veils() {
      if (!changed) return [];
      const [from, to] = [place.left + place.at(place.from), place.left + place.at(record.words)];
      const curve = make("div", "heatmap-veil", make("span", "", "the text as written"));
      const cells = make("div", "heatmap-veil");
      box(curve, from, top("curve") - ABOVE, to - from + END, layout.heights[0] + ABOVE);
      box(cells, from, top("heatmap"), to - from, place.row * record.rows);
      return [curve, cells];
    }

    function cross(from, to) {
      const element = make("div", "heatmap-cross");
      box(element, place.left + place.at(from), place.top, place.at(to) - place.at(from), bottom() - place.top);
      return element;
    }

    function crosses() {
      part("struck").replaceChildren(
        ...veils(),
        ...[...struck.sentences].map((s) => cross(record.sentences[s].first, record.sentences[s].end)),
        ...(struck.title && place.from < 0 ? [cross(place.from, place.until)] : []),
      );
    }

    const bottom = () => top("shares") + heights()[3];

    return {
      place(found) {
        place = found;
        labels();
        crosses();
      },
      show(row, from, to) {
        const [rowFrame, columnFrame] = [part("row"), part("column")];
        rowFrame.hidden = row === null;
        columnFrame.hidden = from === null;
        if (!place) return;
        // Around the cells, not upon them: a column of words may be no wider than the frame's own lines.
        const [start, end] = [place.at(place.from), place.at(record.words)];
        if (row !== null)
          box(rowFrame, place.left + start - LINE, top("heatmap") + row * place.row - LINE, end - start + 2 * LINE, place.row + 2 * LINE);
        if (from !== null)
          box(columnFrame, place.left + place.at(from) - LINE, place.top - LINE, place.at(to) - place.at(from) + 2 * LINE, bottom() - place.top + 2 * LINE);
      },
      strike(next, any) {
        struck = next;
        changed = any;
        if (place) crosses();
      },
      reveal({ x, x2 }) {
        const region = part("region");
        const [left, right] = [place.left + place.at(x), place.left + place.at(x2)];
        if (left < region.scrollLeft) region.scrollLeft = left;
        if (right > region.scrollLeft + region.clientWidth) region.scrollLeft = right - region.clientWidth;
      },
      uncover() {
        const over = part("row").getBoundingClientRect().bottom - part("readout").getBoundingClientRect().top;
        if (over > 0) window.scrollBy({ top: over + 8, behavior: "instant" });
      },
      under({ clientX, clientY }, columns) {
        const frames = part("frames").getBoundingClientRect();
        const [x, y] = [clientX - frames.left - place.left, clientY - frames.top];
        const strip = names.find((one, k) => y >= top(one) && y < top(one) + heights()[k] + layout.gap);
        const k = columns.findIndex((column) => x >= place.at(column.x) && x < place.at(column.x2));
        if (!strip || k < 0) return null;
        const last = record.rows - 1;
        return { strip, row: strip === "heatmap" ? Math.min(last, Math.floor((y - top(strip)) / place.row)) : last, k };
      },
    };
  };
})();
