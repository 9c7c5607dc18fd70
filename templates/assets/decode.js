/* Arrays of numbers that a page carries as text: base64 of their little-endian bytes.

     sitegen.decode.f32(text)   a Float32Array
     sitegen.decode.i16(text)   an Int16Array */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});

  function read(text, size, make, get) {
    const bytes = Uint8Array.from(window.atob(text), (letter) => letter.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    return make.from({ length: bytes.length / size }, (_, k) => view[get](size * k, true));
  }

  sitegen.decode = {
    f32: (text) => read(text, 4, Float32Array, "getFloat32"),
    i16: (text) => read(text, 2, Int16Array, "getInt16"),
  };
})();
