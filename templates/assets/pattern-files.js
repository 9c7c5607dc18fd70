/* The files of the page of patterns (sitegen/web/export/patterns.py), each loaded when it is first asked for, and once.

   sitegen.patternFiles(root) gives { words(), bits(name) }; root is the address of the site's own folder, relative to the
   page. words() promises sitegen.patternPapers, bits("abstract-2-forward-17-2") the bits of that file, a Uint8Array.
   Needs page.js and decode.js before it. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});

  sitegen.patternFiles = function (root) {
    const load = (name) => sitegen.load(`${root}network/patterns/${name}.js`);
    const unpacked = new Map(); // name -> the promise of its bits
    async function unpack(name) {
      await load(name);
      return new Uint8Array(await sitegen.decode.inflate(sitegen.patternBits[name]));
    }
    return {
      words: () => load("words").then(() => sitegen.patternPapers),
      bits(name) {
        if (!unpacked.has(name)) unpacked.set(name, unpack(name));
        return unpacked.get(name);
      },
    };
  };
})();
