/* The files of the page of patterns (sitegen/web/export/patterns.py), each loaded when it is first asked for, and once.

   sitegen.patternFiles(root) gives { words(), bits(name) }; root is the address of the site's own folder, relative to the
   page. words() promises sitegen.patternPapers, bits("abstract-2-forward-17-2") the bits of that file, a Uint8Array.
   Needs decode.js before it. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});

  function load(address) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.addEventListener("load", () => resolve());
      script.addEventListener("error", () => reject(new Error(`${address} cannot be loaded`)));
      document.head.append(script);
    });
  }

  async function inflate(bytes) {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  sitegen.patternFiles = function (root) {
    const promises = new Map();
    function once(name, use) {
      if (!promises.has(name)) promises.set(name, load(`${root}network/patterns/${name}.js`).then(use));
      return promises.get(name);
    }
    return {
      words: () => once("words", () => sitegen.patternPapers),
      bits: (name) => once(name, () => inflate(sitegen.decode.bytes(sitegen.patternBits[name]))),
    };
  };
})();
