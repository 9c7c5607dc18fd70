/* The charts of a page that has several. Their specifications are sitegen.charts, by the name that the chart's element
   carries. A paper's dot leads to its page. */
(function () {
  "use strict";
  const sitegen = window.sitegen;

  function open(event, item) {
    if (item && item.datum && item.datum.href) window.location.href = item.datum.href;
  }

  function draw(element) {
    const { chart, description } = element.dataset;
    const onView = (view) => view.addEventListener("click", open);
    return sitegen.chart(element, { ...sitegen.charts[chart], description }, { onView, downloadFileName: chart });
  }

  Promise.all([...document.querySelectorAll("[data-chart]")].map(draw)).then(() => {
    document.documentElement.dataset.ready = "charts";
  });
})();
