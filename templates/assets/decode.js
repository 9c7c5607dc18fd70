/* Arrays of numbers that a page carries as text: base64 of their little-endian bytes.

     sitegen.decode.f32(text)     a Float32Array; also of numbers that are no text, since a script made them
     sitegen.decode.i16(text)     an Int16Array
     sitegen.decode.inflate(text) promises the ArrayBuffer of what was compressed, where the browser can do that */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});

  const bytes = (text) => Uint8Array.from(window.atob(text), (letter) => letter.charCodeAt(0));

  function read(text, size, make, get) {
    const view = new DataView(bytes(text).buffer);
    return make.from({ length: view.byteLength / size }, (_, k) => view[get](size * k, true));
  }

  sitegen.decode = {
    f32: (text) => (typeof text === "string" ? read(text, 4, Float32Array, "getFloat32") : Float32Array.from(text)),
    i16: (text) => read(text, 2, Int16Array, "getInt16"),
    inflate: (text) => new Response(new Blob([bytes(text)]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer(),
  };
})();
