/* Charts under the page's own colours.

   sitegen.embed(element, spec) draws a Vega-Lite specification and promises Vega-Embed's result; ink and ground come
   from the style sheet's custom properties, so charts follow light and dark without knowing them. `ast` makes Vega
   interpret its expressions, which a page that forbids eval needs.

   sitegen.onColours(draw) calls `draw` whenever the reader's system changes between light and dark. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});

  function config() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    return { background: colour("--card"), axis: { labelColor: colour("--ink"), titleColor: colour("--ink") } };
  }

  sitegen.embed = async function (element, spec, options) {
    const result = await window.vegaEmbed(element, spec, {
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
