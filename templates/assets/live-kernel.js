/* The loops of live-arithmetic.js, compiled: BYTES is what `make kernel` makes of live-kernel.c, which lies beside this
   file. A browser may refuse it, by its age or by the page's policy ('wasm-unsafe-eval' allows it); then there is none.

     const memory = live.kernel.memory()     or null
     live.kernel.loops(memory)               {multiply, gather, advance} over the heap on that memory */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const live = (sitegen.live = sitegen.live || {});
  live.pieces = live.pieces || {};

  live.pieces.kernel = function (live) {
    // made: of live-kernel.c
    const BYTES =
      "AGFzbQEAAAABEgJgBn9/f39/fwBgBX9/f39/AAIPAQNlbnYGbWVtb3J5AgAQAwQDAAABBAUBcAEBAQYJAX8BQYCAwAALBx8DCG11" +
      "bHRpcGx5AAAGZ2F0aGVyAAEHYWR2YW5jZQACCowTA9kGCA9/BHsBfwJ7AX8CewN/BnsCQCABQXxxIgZFDQAgBUEBSA0AIAJBAnQh" +
      "ByACQQN0IQggAkEEdCEJIAJBDGwhCiAFQQxsIQsgBUEDdCEMQQAhDSACQQFIIQ4DQAJAIAFBBEgNACAEIA1BAnRqIQ8gAyANIAJs" +
      "QQJ0aiEQQQAhESAAIRIDQCAPIBEgBWxBAnRqIhMgBUECdGoiFP0AABAhFSAU/QAAACEWIBP9AAAQIRcgE/0AAAAhGCATIAtqIhn9" +
      "AAAQIRogGf0AAAAhGyATIAxqIhz9AAAQIR0gHP0AAAAhHgJAIA4NACASIR8gAiEgIBAhIQNAIBogIUEQav0AAAAiIiAfIApq/QkA" +
      "ACIj/eYB/eQBIRogHSAiIB8gCGr9CQAAIiT95gH95AEhHSAVICIgHyAHav0JAAAiJf3mAf3kASEVIBggIf0AAAAiJiAf/QkAACIn" +
      "/eYB/eQBIRggGyAmICP95gH95AEhGyAeICYgJP3mAf3kASEeIBYgJiAl/eYB/eQBIRYgFyAiICf95gH95AEhFyAfQQRqIR8gIUEg" +
      "aiEhICBBf2oiIA0ACwsgEyAX/QsAECATIBj9CwAAIBQgFf0LABAgFCAW/QsAACAcIB39CwAQIBwgHv0LAAAgGSAa/QsAECAZIBv9" +
      "CwAAIBIgCWohEiARQQRqIhEgBkgNAAsLIA1BCGoiDSAFSA0ACwsCQCAGIAFGDQAgAkECdCEcIAJBBXQhCCAAIAIgAUECdmxBBHRq" +
      "IRkgBUEBSCERA0ACQCARDQAgBCAGIAVsQQJ0aiEUQQAhEwNAIBQgE0ECdGoiCv0AADAhJiAK/QAAICEVIAr9AAAQIRYgCv0AAAAh" +
      "FwJAIAJBAUgNACADIBMgAmxBAnRqIR8gGSEhIAIhIANAIBcgH/0AAAAgIf0JAAAiIv3mAf3kASEXIBUgIiAfIAhqIgf9AAAA/eYB" +
      "/eQBIRUgFiAfQRBq/QAAACAi/eYB/eQBIRYgJiAiIAdBEGr9AAAA/eYB/eQBISYgIUEEaiEhIB9BIGohHyAgQX9qIiANAAsLIAog" +
      "Jv0LADAgCiAV/QsAICAKIBb9CwAQIAogF/0LAAAgE0EQaiITIAVIDQALCyAZIBxqIRkgBkEBaiIGIAFIDQALCwu8AgILfwF7AkAg" +
      "A0EBSA0AIARBAnQhBiAEQX9qQQJ2IgdBAWoiCEEBcSEJIAhB/v///wdxIgpBAnQhC0EAIQwDQAJAIARBAUgNACABIAIgDEECdGoo" +
      "AgAgBGxBAnRqIQ0CQAJAIAcNAEEAIQgMAQtBACEOIAohDwNAIAAgDmohCCANIA5qIhD9AAAAIRECQCAFRQ0AIAj9AAAAIBH95AEh" +
      "EQsgCCAR/QsAACAQQRBq/QAAACERAkAgBUUNACAIQRBq/QAAACAR/eQBIRELIAhBEGogEf0LAAAgDkEgaiEOIA9BfmoiDw0ACyAL" +
      "IQggCUUNAQsgACAIQQJ0Ig5qIQggDSAOav0AAAAhEQJAIAVFDQAgCP0AAAAgEf3kASERCyAIIBH9CwAACyAAIAZqIQAgDEEBaiIM" +
      "IANHDQALCwvwCQQJfwF7AX8SewJAIANBAUgNACAEQQR0IQUgACAEQQJ0IgZqIQcgACAEQQN0aiEIIAAgBEEMbGohCUEAIQogBEEB" +
      "SCELA0ACQCALDQBBACEMQQAhDQNAIAkgDGr9AAAAIQ4gAiAMaiIPIA/9AAAA/QwAAIA/AACAPwAAgD8AAIA/IhAgECAQIAcgDGr9" +
      "AAAA/eEB/QwAAK7CAACuwgAArsIAAK7CIhH96QH9DAAArkIAAK5CAACuQgAArkIiEv3oASIT/Qw7qrg/O6q4PzuquD87qrg/IhT9" +
      "5gH9aiIV/QyDgF45g4BeOYOAXjmDgF45Ihb95gEgEyAV/QwAgDE/AIAxPwCAMT8AgDE/Ihf95gH95QH95AEiEyATIBP95gEgEyAT" +
      "IBMgEyAT/QxnaVA5Z2lQOWdpUDlnaVA5Ihj95gH9DM5DtzrOQ7c6zkO3Os5DtzoiGf3kAf3mAf0MCIkIPAiJCDwIiQg8CIkIPCIa" +
      "/eQB/eYB/QzBqSo9wakqPcGpKj3BqSo9Ihv95AH95gH9DKqqKj6qqio+qqoqPqqqKj4iHP3kAf3mAf0MAAAAPwAAAD8AAAA/AAAA" +
      "PyId/eQB/eYB/eQB/eQBIBX9+AFBF/2rAf0MAACAPwAAgD8AAIA/AACAPyIV/a4B/eYB/eQB/ecB/eYBIBAgECAQIAAgDGr9AAAA" +
      "/eEBIBH96QEgEv3oASITIBT95gH9aiIeIBb95gEgEyAeIBf95gH95QH95AEiEyATIBP95gEgEyATIBMgEyATIBj95gEgGf3kAf3m" +
      "ASAa/eQB/eYBIBv95AH95gEgHP3kAf3mASAd/eQB/eYB/eQB/eQBIB79+AFBF/2rASAV/a4B/eYB/eQB/ecBIBAgECAQIAggDGr9" +
      "AAAA/QwAAADAAAAAwAAAAMAAAADAIh/95gEgEf3pASAS/egBIhMgFP3mAf1qIh4gFv3mASATIB4gF/3mAf3lAf3kASITIBMgE/3m" +
      "ASATIBMgEyATIBMgGP3mASAZ/eQB/eYBIBr95AH95gEgG/3kAf3mASAc/eQB/eYBIB395AH95gH95AH95AEgHv34AUEX/asBIBX9" +
      "rgH95gH95AH95wEiEyAT/eQB/QwAAIC/AACAvwAAgL8AAIC/IiD95AH95gH95AEiIf0LAAAgASAMaiAQIBAgECAO/eEBIBH96QEg" +
      "Ev3oASITIBT95gH9aiIeIBb95gEgEyAeIBf95gH95QH95AEiEyATIBP95gEgEyATIBMgEyATIBj95gEgGf3kAf3mASAa/eQB/eYB" +
      "IBv95AH95gEgHP3kAf3mASAd/eQB/eYB/eQB/eQBIB79+AFBF/2rASAV/a4B/eYB/eQB/ecBIBAgECAQICEgH/3mASAR/ekBIBL9" +
      "6AEiEyAU/eYB/WoiESAW/eYBIBMgESAX/eYB/eUB/eQBIhMgEyAT/eYBIBMgEyATIBMgEyAY/eYBIBn95AH95gEgGv3kAf3mASAb" +
      "/eQB/eYBIBz95AH95gEgHf3kAf3mAf3kAf3kASAR/fgBQRf9qwEgFf2uAf3mAf3kAf3nASIQIBD95AEgIP3kAf3mAf0LAAAgDEEQ" +
      "aiEMIA1BBGoiDSAESA0ACwsgByAFaiEHIAggBWohCCAJIAVqIQkgAiAGaiECIAEgBmohASAAIAVqIQAgCkEBaiIKIANHDQALCws=";
    // end
    const STACK = 65536; // bytes at the beginning of the memory that are the compiler's

    function memory() {
      try {
        const module = new WebAssembly.Module(Uint8Array.from(atob(BYTES), (letter) => letter.charCodeAt(0)));
        const pages = new WebAssembly.Memory({ initial: 64 });
        const { exports } = new WebAssembly.Instance(module, { env: { memory: pages } });
        return { exports, free: STACK / 4, grow: (count) => pages.grow(count), get buffer() { return pages.buffer; } };
      } catch {
        return null;
      }
    }

    /* Places are numbers of four bytes, pointers bytes. */
    function loops({ exports }) {
      return {
        multiply: (a, rows, k, w, c, n) => exports.multiply(4 * a, rows, k, 4 * w, 4 * c, n),
        gather: (to, from, index, rows, n, add) => exports.gather(4 * to, 4 * from, 4 * index, rows, n, add ? 1 : 0),
        advance: (gates, h, c, rows, n) => exports.advance(4 * gates, 4 * h, 4 * c, rows, n),
      };
    }

    live.kernel = { memory, loops };
  };
})();
