/* What one cell of the heatmap says: beside the pointer, and as a sentence for the line under the picture.

   Built of text nodes alone: whatever words a record has, they stay words. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const GAP = 14; // between pointer and tooltip, in pixels

  const { percent, points } = sitegen.numbers;

  function changed(change) {
    const text = points(change);
    return /[1-9]/.test(text) ? `${text} percentage points` : "no change";
  }

  sitegen.heatmapTooltip = function (record) {
    const box = document.createElement("div");
    box.className = "heatmap-tooltip";
    box.setAttribute("aria-hidden", "true"); // the line under the picture speaks to screen readers
    box.hidden = true;
    document.body.append(box);
    let size = { width: 0, height: 0 };

    function line(name, ...parts) {
      const element = document.createElement("div");
      element.className = `heatmap-tooltip-${name}`;
      element.append(...parts);
      return element;
    }

    function strong(text) {
      const element = document.createElement("strong");
      element.textContent = text;
      return element;
    }

    function facts(row, column, columns, mode) {
      const p = record.probability(row, columns[column].word);
      const before = column ? record.probability(row, columns[column - 1].word) : null;
      const previous = mode === "sentences" ? "the sentence before" : "the word before";
      return {
        probability: percent(p),
        change: before === null ? "" : `${changed(p - before)} since ${previous}`,
        predicted: record.classes[p >= record.threshold ? 1 : 0],
      };
    }

    return {
      fill(row, column, columns, mode) {
        const { probability, change, predicted } = facts(row, column, columns, mode);
        box.replaceChildren(
          line("verdict", strong(probability), ` ${record.classes[1]}`),
          line("change", change || "the first column"),
          line("change", `would predict: ${predicted}`),
          line("text", strong("Title read: "), record.title.upTo(row)),
          line("text", strong("Abstract read: "), record.abstract.upTo(columns[column].word)),
        );
        box.hidden = false;
        size = box.getBoundingClientRect();
      },
      /* Beside the point, on whichever side has room. */
      moveTo(x, y) {
        const right = x + GAP + size.width <= document.documentElement.clientWidth;
        const below = y + GAP + size.height <= document.documentElement.clientHeight;
        box.style.left = `${Math.max(4, right ? x + GAP : x - GAP - size.width)}px`;
        box.style.top = `${Math.max(4, below ? y + GAP : y - GAP - size.height)}px`;
      },
      hide() {
        box.hidden = true;
      },
      /* The same cell as one sentence. */
      sentence(row, column, columns, mode) {
        const { probability, change, predicted } = facts(row, column, columns, mode);
        const unit = mode === "sentences" ? "sentence" : "word";
        const title = record.title.count
          ? `Title up to “${record.title.word(row)}” (word ${row + 1} of ${record.rows})`
          : "No title";
        const last = mode === "words" && record.abstract.count ? `“${record.abstract.word(column)}”, ` : "";
        const abstract = record.abstract.count
          ? `abstract up to ${last}${unit} ${column + 1} of ${columns.length}`
          : "no abstract";
        const text = `${title}, ${abstract}: ${probability} ${record.classes[1]}`;
        return `${text}${change ? `, ${change}` : ""}; would predict: ${predicted}.`;
      },
    };
  };
})();
