/* The published numbers of the model in the page: base64 -> arrays of float32.

     live.numbers.of(model)    {weight(name), vector(row, to, at), architecture, size}

   model: sitegen.liveModel, see sitegen/models/live.py. Weights are float32 or float16, vectors also int8 with a scale a
   row; vectors are decoded when a word is read, since most words of a vocabulary never are. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const live = (sitegen.live = sitegen.live || {});
  live.pieces = live.pieces || {};

  live.pieces.numbers = function (live) {
    function bytes(text) {
      const letters = atob(text);
      const array = new Uint8Array(letters.length);
      for (let k = 0; k < array.length; k++) array[k] = letters.charCodeAt(k);
      return array;
    }

    /* The number that 16 bits are: a sign, five bits of exponent, ten of fraction. */
    function half(bits) {
      const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
      if (exponent === 0) return sign * fraction * 2 ** -24;
      if (exponent === 31) return fraction ? NaN : sign * Infinity;
      return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
    }

    const halves = new Float32Array(65536);
    for (let bits = 0; bits < 65536; bits++) halves[bits] = half(bits);

    /* The stored numbers of a base64 text, little-endian as all of today's machines are. */
    const FORMS = { float64: Float64Array, float32: Float32Array, float16: Uint16Array, int8: Int8Array };
    const stored = (text, form) => new FORMS[form](bytes(text).buffer);

    function of(model) {
      const { weights, vectors } = model.numbers;
      const D = model.architecture.dimension;
      const matrix = stored(model.vectors, vectors);
      const scales = vectors === "int8" ? stored(model.scales, "float32") : null;

      function weight(name) {
        const read = stored(model.weights[name], weights);
        return weights === "float16" ? Float32Array.from(read, (bits) => halves[bits]) : read;
      }

      /* Write the vector of a word to the array `to` at `at`. */
      function vector(row, to, at) {
        for (let j = 0; j < D; j++) {
          const value = matrix[row * D + j];
          to[at + j] = vectors === "float16" ? halves[value] : scales ? value * scales[row] : value;
        }
      }

      return { weight, vector, architecture: model.architecture, size: matrix.length / D };
    }

    live.numbers = { of, stored };
  };
})();
