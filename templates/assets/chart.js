/* Charts under the page's own colours.

   sitegen.themed(spec) is a copy of a specification in which each colour that is named, "var(--chart-ink)", is what the
   style sheet says now: so charts follow light and dark, and a user's theme, without knowing them.

   sitegen.embed(element, spec, options) draws a Vega-Lite specification once and promises Vega-Embed's result. `ast`
   makes Vega interpret its expressions, which a page that forbids eval needs.

   sitegen.chart(element, spec, options) keeps it drawn: again whenever the reader's system changes between light and
   dark, and as lines and letters of full sharpness, as wide as a sheet, when the page is printed. options: Vega-Embed's,
   and onView(view), called with each view that is shown. It promises that the chart is there; element.view is Vega's.

   sitegen.onColours(draw) calls `draw` whenever the reader's system changes between light and dark.

   sitegen.closeSeams(spec) changes a Vega specification of cells for screens where a pixel of the page is no whole number
   of the screen's: cells end within one there, and the ground would shine through between them. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const DATA = new Set(["datasets", "values"]); // hold no colours
  const NAMED = /^var\((--[\w-]+)\)$/;
  const SHEET = { width: 670, autosize: { type: "fit-x", contains: "padding" } }; // what margins leave of A4 and Letter

  sitegen.themed = function (spec) {
    const style = getComputedStyle(document.documentElement);
    const text = (value) => {
      const named = NAMED.exec(value);
      return named ? style.getPropertyValue(named[1]).trim() : value;
    };
    const copy = (value) => {
      if (typeof value === "string") return text(value);
      if (Array.isArray(value)) return value.map(copy);
      if (value === null || typeof value !== "object") return value;
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, DATA.has(key) ? one : copy(one)]));
    };
    return copy(spec);
  };

  sitegen.embed = async function (element, spec, options) {
    const result = await window.vegaEmbed(element, sitegen.themed({ ...spec, background: "var(--chart-ground)" }), {
      mode: "vega-lite",
      ast: true,
      renderer: "canvas",
      actions: { export: true, source: false, compiled: false, editor: false },
      ...options,
    });
    const menu = element.querySelector("summary");
    if (menu) menu.setAttribute("aria-label", "Save the picture"); // an icon alone says nothing to screen readers
    return result;
  };

  sitegen.onColours = function (draw) {
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  };

  sitegen.closeSeams = function (mark) {
    const { fill, opacity } = (mark.encode && mark.encode.update) || {};
    if (fill && fill.scale === "color" && !opacity) Object.assign(mark.encode.update, { stroke: fill, strokeWidth: { value: 0.8 } });
    for (const inner of mark.marks || []) sitegen.closeSeams(inner);
  };

  sitegen.chart = function (element, spec, { onView, ...options } = {}) {
    let shown = null; // { stage, result }
    let paper = document.documentElement.classList.contains("paper");
    let latest = 0;

    async function draw() {
      const turn = (latest += 1);
      const stage = document.createElement("div");
      element.append(stage);
      const onSheet = paper ? { renderer: "svg", actions: false } : {};
      const result = await sitegen.embed(stage, paper ? { ...spec, ...SHEET } : spec, { ...options, ...onSheet });
      if (turn !== latest) {
        result.finalize(); // another began while this one was drawn
        stage.remove();
        return;
      }
      if (shown) {
        shown.result.finalize();
        shown.stage.remove();
      }
      shown = { stage, result };
      element.view = result.view;
      if (onView) onView(result.view);
    }

    sitegen.onColours(draw);
    sitegen.onPaper((on) => {
      paper = on;
      draw();
    });
    return draw();
  };
})();
