/* Charts under the page's own colours.

   sitegen.themed(spec) is a copy of a specification in which each colour that is named, "var(--chart-ink)", is what the
   style sheet says now: so charts follow light and dark, and a user's theme, without knowing them.

   sitegen.embed(element, spec) draws a Vega-Lite specification and promises Vega-Embed's result; ink and ground come
   from the style sheet, too. `ast` makes Vega interpret its expressions, which a page that forbids eval needs.

   sitegen.onColours(draw) calls `draw` whenever the reader's system changes between light and dark. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});

  function config() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    return { background: colour("--card"), axis: { labelColor: colour("--ink"), titleColor: colour("--ink") } };
  }

  const DATA = new Set(["datasets", "values"]); // hold no colours
  const NAMED = /^var\((--[\w-]+)\)$/;

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
    const result = await window.vegaEmbed(element, sitegen.themed(spec), {
      mode: "vega-lite",
      ast: true,
      renderer: "canvas",
      actions: { export: true, source: false, compiled: false, editor: false },
      config: config(),
      ...options,
    });
    const menu = element.querySelector("summary");
    if (menu) menu.setAttribute("aria-label", "Save the picture"); // an icon alone says nothing to screen readers
    return result;
  };

  sitegen.onColours = function (draw) {
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  };
})();
