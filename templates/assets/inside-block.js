/* One block of the picture of what units wrote (inside.js): a field's rows by its words, with their labels, as something
   that can be pointed at and worked by keyboard.

   sitegen.insideBlock({ heading, note, label, open, point }) makes the element and gives
     element
     draw(block)       draw it: as sitegen.insideDrawing takes it, without canvas, and labels: by row, "" for none;
                       headings: by direction
     frame(word)       frame a column of words, null for none
     region            what scrolls
   heading: of the block; note: a word behind it; label: for those who do not see it.
   open(row): the reader wants to open or close a row; point(row, word): points there, of the row null where it is the
   words' bars, or nowhere: (null, null). Both are given rows of the block that was drawn last. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const LINE = 2; // the frames' border

  const { make } = sitegen;

  sitegen.insideBlock = function ({ heading, note, label, open, point }) {
    const element = make("section", "inside-block");
    const title = make("h3", "", heading);
    title.append(" ", make("span", "", note));
    const panel = make("div", "inside-panel");
    const gutter = make("div", "inside-gutter");
    const region = make("div", "inside-region");
    const frames = make("div", "inside-frames");
    const [rowFrame, columnFrame] = [make("div", "inside-frame"), make("div", "inside-frame")];
    const canvas = make("canvas");
    gutter.setAttribute("aria-hidden", "true");
    frames.setAttribute("aria-hidden", "true");
    region.tabIndex = 0;
    region.setAttribute("role", "application");
    region.setAttribute("aria-roledescription", "picture");
    region.setAttribute("aria-label", label);
    rowFrame.hidden = columnFrame.hidden = true;
    frames.append(rowFrame, columnFrame);
    region.append(frames, canvas);
    panel.append(gutter, region);
    element.append(title, panel);

    let block = null; // as drawn
    let places = null;
    let at = null; // { row, word }: where the keyboard is, the row by its key

    const within = (value, most) => Math.min(most, Math.max(0, value));

    function box(frame, left, top, width, height) {
      frame.hidden = false;
      const sizes = { left: left - LINE, top: top - LINE, width: width + 2 * LINE, height: height + 2 * LINE };
      for (const [name, pixels] of Object.entries(sizes)) frame.style[name] = `${pixels}px`;
    }

    function frameRow(k) {
      rowFrame.hidden = true;
      if (k === null) return;
      const { top, height } = places.boxes[k];
      box(rowFrame, block.left + block.at(0), top, block.at(block.words) - block.at(0), height);
    }

    function frame(word) {
      columnFrame.hidden = true;
      if (word === null || !block) return;
      const [from, to] = [block.at(word), block.at(word + 1)];
      const last = places.boxes[places.boxes.length - 1];
      box(columnFrame, block.left + from, 0, to - from, last.top + last.height);
    }

    /* What lies under the pointer: { k, word }, k the row's number, null over the bars; or null. */
    function under(event) {
      if (!block) return null;
      const origin = canvas.getBoundingClientRect();
      const [x, y] = [event.clientX - origin.left - block.left, event.clientY - origin.top];
      let word = null;
      for (let one = 0; one < block.words; one += 1) if (x >= block.at(one) && x < block.at(one + 1)) word = one;
      const k = places.boxes.findIndex(({ top, height }) => y >= top && y < top + height);
      if (k < 0 && word === null) return null;
      return { k: k < 0 ? null : k, word };
    }

    function show(found) {
      frameRow(found ? found.k : null);
      frame(found ? found.word : null);
      if (found) point(found.k === null ? null : block.rows[found.k], found.word);
      else point(null, null);
    }

    const current = () => {
      if (!at) return null;
      const k = block.rows.findIndex(({ key }) => key === at.row);
      return k < 0 ? null : { k, word: at.word };
    };

    function keepInSight(word) {
      const [left, right] = [block.left + block.at(word), block.left + block.at(word + 1)];
      if (left < region.scrollLeft) region.scrollLeft = left;
      if (right > region.scrollLeft + region.clientWidth) region.scrollLeft = right - region.clientWidth;
    }

    const MOVES = {
      ArrowLeft: ({ k, word }) => ({ k, word: word - 1 }),
      ArrowRight: ({ k, word }) => ({ k, word: word + 1 }),
      ArrowUp: ({ k, word }) => ({ k: k - 1, word }),
      ArrowDown: ({ k, word }) => ({ k: k + 1, word }),
      Home: ({ k }) => ({ k, word: 0 }),
      End: ({ k }) => ({ k, word: block.words - 1 }),
    };

    /* The keyboard begins at the word at which most was written. */
    function begin() {
      const sizes = block.sums ? Array.from(block.sums, Math.abs) : [0];
      return { k: 0, word: sizes.indexOf(Math.max(...sizes)) };
    }

    function move(key) {
      const from = current();
      const to = from ? MOVES[key](from) : begin();
      const found = { k: within(to.k, block.rows.length - 1), word: within(to.word, block.words - 1) };
      at = { row: block.rows[found.k].key, word: found.word };
      show(found);
      keepInSight(found.word);
    }

    region.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !block) return;
      const here = current();
      if (MOVES[event.key]) move(event.key);
      else if ((event.key === "Enter" || event.key === " ") && here) open(block.rows[here.k]);
      else if (event.key === "Escape") {
        at = null;
        show(null);
      } else return;
      event.preventDefault();
    });
    region.addEventListener("pointermove", (event) => show(under(event)));
    region.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") show(current()); // a finger leaves at once; what it touched stays
    });

    function click(event) {
      const found = under(event);
      if (!found || found.k === null) return;
      const row = block.rows[found.k];
      at = { row: row.key, word: found.word === null ? begin().word : found.word };
      show(current());
      open(row);
    }
    region.addEventListener("click", click);
    gutter.addEventListener("click", click);

    function labels({ rows, labels: texts, headings, sums }) {
      const made = [];
      const put = (text, top, height, className) => {
        const one = make("span", className, text);
        Object.assign(one.style, { top: `${top}px`, height: `${height}px`, lineHeight: `${height}px` });
        made.push(one);
      };
      if (sums) put("all units", places.bars.top, places.bars.height, "");
      headings.forEach((text, direction) => put(text, places.headings[direction].top, places.headings[direction].height, ""));
      rows.forEach((row, k) => {
        if (texts[k]) put(texts[k], places.boxes[k].top, places.boxes[k].height, "opens");
      });
      gutter.replaceChildren(...made);
      gutter.style.height = `${places.height}px`;
    }

    return {
      element,
      region,
      frame,
      draw(given) {
        block = { ...given, canvas };
        places = sitegen.insideDrawing(block);
        labels(block);
        const here = current();
        frameRow(here ? here.k : null);
        frame(here ? here.word : null);
        element.drawn = { ...block, ...places };
        region.style.cursor = "crosshair";
      },
    };
  };
})();
