/* What the gallery shows, as a CSV file: sitegen.saveCsv(name, head, lines) hands it to the reader. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const quote = (text) => '"' + String(text).replaceAll('"', '""') + '"';

  sitegen.saveCsv = function (name, head, lines) {
    const text = [head, ...lines].map((line) => line.map(quote).join(",")).join("\r\n") + "\r\n";
    sitegen.download(new Blob(["\ufeff" + text], { type: "text/csv" }), `${name.replace(/[^\p{L}\p{N}]+/gu, "-")}.csv`);
  };
})();
