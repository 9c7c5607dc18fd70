/* The worked example of the first page: its reading curve is drawn once, from left to right, in two seconds, while the
   answer and its class are counted along; the words at which it turns appear as they are passed.

   The page shows the finished picture by itself (templates/partials/example.html); for readers who want less motion, and
   on paper, it stays that. The figure's data-state says "playing" or "done". */
(function () {
  "use strict";
  const sitegen = window.sitegen;
  const figure = document.getElementById("example");
  if (!figure) return;
  const part = (name) => figure.querySelector(`[data-part="${name}"]`);
  const plot = part("plot");
  const points = plot.dataset.points.split(",").map((point) => point.split(" ").map(Number)); // [place, probability]
  const threshold = Number(plot.dataset.threshold);
  const { negative, positive } = part("class").dataset;
  const final = { positive: part("class").classList.contains("positive"), text: part("so-far").textContent };
  const turns = [...plot.querySelectorAll("[data-at]")].map((element) => [element, Number(element.dataset.at)]);
  const DURATION = 2000; // milliseconds
  let frame = 0;

  /* The answer at a place, in percent of the plot's width. */
  function at(place) {
    const k = points.findIndex(([x]) => x >= place);
    if (k <= 0) return points[0][1];
    const [[x0, p0], [x1, p1]] = [points[k - 1], points[k]];
    return p0 + (p1 - p0) * (x1 > x0 ? (place - x0) / (x1 - x0) : 1);
  }
  function classed(isPositive) {
    part("class").className = "pill " + (isPositive ? "positive" : "negative");
    part("class").firstElementChild.textContent = isPositive ? positive : negative;
  }
  function show(place) {
    const p = at(place);
    plot.style.setProperty("--read", place + "%");
    Object.assign(part("head").style, { left: place + "%", top: 100 * (1 - p) + "%" });
    part("percent").textContent = sitegen.numbers.percent(p);
    classed(p >= threshold);
    for (const [element, x] of turns) element.classList.toggle("ahead", x > place);
  }
  function finish() {
    cancelAnimationFrame(frame);
    plot.style.removeProperty("--read");
    part("head").hidden = true;
    part("percent").textContent = part("percent").dataset.final;
    part("so-far").textContent = final.text;
    classed(final.positive);
    for (const [element] of turns) element.classList.remove("ahead");
    part("again").hidden = false;
    figure.dataset.state = "done";
  }
  function play() {
    if (figure.dataset.state === "playing") return;
    figure.dataset.state = "playing";
    part("so-far").textContent = "so far";
    part("head").hidden = false;
    let begin = 0;
    const draw = (now) => {
      begin = begin || now;
      const place = Math.min(100, (100 * (now - begin)) / DURATION);
      if (place >= 100 || document.documentElement.classList.contains("paper")) return finish();
      show(place);
      frame = requestAnimationFrame(draw);
    };
    show(0);
    frame = requestAnimationFrame(draw);
  }

  part("again").addEventListener("click", play);
  sitegen.onPaper((on) => on && finish());
  if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
    finish();
    return;
  }
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    play();
  }, { threshold: 0.4 });
  seen.observe(plot);
})();
