/* Inside the network (partials/record_inside.html): loads what draws it, and the record's own file, once a reader opens
   the fold; a page that is not opened there has nothing to load and nothing to do.

   #inside has data-state: "folded", "loading", "drawn", or "picture" where the static picture must do: in a browser that
   cannot unpack the files, in a page that was made a single file, or where a file lacks.

   Needs page.js before it. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const fold = document.getElementById("inside");
  if (!fold) return;
  const { root, name, scripts } = fold.dataset;
  const alone = !document.currentScript.src; // the page is a file without others

  async function draw() {
    for (const script of scripts.split(" ")) await sitegen.load(`${root}assets/${script}`);
    sitegen.insideView(fold, await sitegen.insideData(root, name));
  }

  sitegen.fillOnce(fold, draw, { instead: "picture", possible: !alone && Boolean(window.DecompressionStream) });
})();
