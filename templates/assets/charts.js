/* The charts of a page that has several. Their specifications are sitegen.charts, by the name that the chart's element
   carries. A paper's dot leads to its page. They lie on white cards in the dark, too, since their colours are the
   pictures'. */
(function () {
  "use strict";
  const sitegen = window.sitegen;

  async function draw(element) {
    const spec = { ...sitegen.charts[element.dataset.chart], description: element.dataset.description };
    const result = await sitegen.embed(element, spec, { config: {} });
    result.view.addEventListener("click", (event, item) => {
      if (item && item.datum && item.datum.href) window.location.href = item.datum.href;
    });
  }

  Promise.all([...document.querySelectorAll("[data-chart]")].map(draw)).then(() => {
    document.documentElement.dataset.ready = "charts";
  });
})();
