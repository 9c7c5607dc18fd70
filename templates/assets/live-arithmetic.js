/* The arithmetic of the model in the page: a heap of float32 numbers, and the five loops that run over it.

   The numbers lie in one buffer, as WebAssembly wants them, and are addressed by their place in it, counted in numbers
   of four bytes; places are multiples of four. Here are the loops in plain JavaScript, for browsers that refuse
   WebAssembly; live-kernel.js has the same ones compiled, with the same results up to rounding.

     multiply(a, rows, k, w, c, n)    C += A W: A rows x k, C rows x n, both one row after the other; W packed (see pack)
     gather(to, from, index, rows, n, add)    row r of `to` becomes, or gains, the row of `from` that index says
     advance(gates, h, c, rows, n)    a step of an LSTM: rows x 4n sums i, f, g, o become rows x n states h and c

   A scope of the heap is all that was taken since mark(): release() frees it.

   Every live-*.js is a function on sitegen.live.pieces: its text is the program of the worker (live-client.js), so that
   it may use nothing but its argument `live`, to which it adds what it has. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const live = (sitegen.live = sitegen.live || {});
  live.pieces = live.pieces || {};

  live.pieces.arithmetic = function (live) {
    const WIDTH = 8; // columns of a panel of packed weights

    /* A growing heap. memory: of WebAssembly, or nothing. */
    function heap(memory) {
      let buffer = memory ? memory.buffer : new ArrayBuffer(1 << 22);
      let used = memory ? memory.free : 0;
      const own = {
        f32: new Float32Array(buffer),
        i32: new Int32Array(buffer),
        take(size) {
          const at = used;
          used += (size + 3) & ~3;
          if (used * 4 > buffer.byteLength) grow(used * 4);
          return at;
        },
        zeros(size) {
          const at = own.take(size);
          own.f32.fill(0, at, at + size);
          return at;
        },
        put(numbers) {
          const at = own.take(numbers.length);
          (numbers instanceof Int32Array ? own.i32 : own.f32).set(numbers, at);
          return at;
        },
        mark: () => used,
        release(mark) {
          used = mark;
        },
      };

      function grow(bytes) {
        if (memory) {
          memory.grow(Math.ceil((Math.max(bytes, buffer.byteLength * 1.5) - buffer.byteLength) / 65536));
          buffer = memory.buffer;
        } else {
          const larger = new ArrayBuffer(Math.ceil(Math.max(bytes, buffer.byteLength * 1.5) / 16) * 16);
          new Uint8Array(larger).set(new Uint8Array(buffer));
          buffer = larger;
        }
        own.f32 = new Float32Array(buffer);
        own.i32 = new Int32Array(buffer);
      }
      return own;
    }

    /* The weights of k inputs and n outputs as the loops read them: panels of eight columns, each k x 8.
       value(i, j): the weight from input i to output j. */
    function pack(k, n, value) {
      const packed = new Float32Array(k * n);
      for (let j = 0; j < n; j++) {
        for (let i = 0; i < k; i++) packed[((j >> 3) * k + i) * WIDTH + (j & 7)] = value(i, j);
      }
      return packed;
    }

    /* The loops in plain JavaScript over a heap. Sums are rounded to float32 when they are kept and not at each step,
       which would take twice the time. */
    function plain(own) {
      function multiply(a, rows, k, w, c, n) {
        const x = own.f32;
        let r = 0;
        for (; r + 1 < rows; r += 2) {
          for (let j = 0; j < n; j += 4) pair(x, a + r * k, k, w + (j >> 3) * k * WIDTH + (j & 7), c + r * n + j, n);
        }
        if (r < rows) {
          for (let j = 0; j < n; j += 4) single(x, a + r * k, k, w + (j >> 3) * k * WIDTH + (j & 7), c + r * n + j);
        }
      }

      function pair(x, a, k, w, c, n) {
        let p0 = x[c], p1 = x[c + 1], p2 = x[c + 2], p3 = x[c + 3];
        let q0 = x[c + n], q1 = x[c + n + 1], q2 = x[c + n + 2], q3 = x[c + n + 3];
        for (let i = 0; i < k; i++) {
          const p = x[a + i], q = x[a + k + i];
          const w0 = x[w], w1 = x[w + 1], w2 = x[w + 2], w3 = x[w + 3];
          p0 += p * w0;
          p1 += p * w1;
          p2 += p * w2;
          p3 += p * w3;
          q0 += q * w0;
          q1 += q * w1;
          q2 += q * w2;
          q3 += q * w3;
          w += WIDTH;
        }
        x[c] = p0;
        x[c + 1] = p1;
        x[c + 2] = p2;
        x[c + 3] = p3;
        x[c + n] = q0;
        x[c + n + 1] = q1;
        x[c + n + 2] = q2;
        x[c + n + 3] = q3;
      }

      function single(x, a, k, w, c) {
        let p0 = x[c], p1 = x[c + 1], p2 = x[c + 2], p3 = x[c + 3];
        for (let i = 0; i < k; i++) {
          const p = x[a + i];
          p0 += p * x[w];
          p1 += p * x[w + 1];
          p2 += p * x[w + 2];
          p3 += p * x[w + 3];
          w += WIDTH;
        }
        x[c] = p0;
        x[c + 1] = p1;
        x[c + 2] = p2;
        x[c + 3] = p3;
      }

      function gather(to, from, index, rows, n, add) {
        const x = own.f32, rowOf = own.i32;
        for (let r = 0; r < rows; r++) {
          const source = from + rowOf[index + r] * n, target = to + r * n;
          if (add) for (let j = 0; j < n; j++) x[target + j] += x[source + j];
          else x.copyWithin(target, source, source + n);
        }
      }

      const sigma = (value) => 1 / (1 + Math.exp(-value));

      function advance(gates, h, c, rows, n) {
        const x = own.f32;
        for (let r = 0; r < rows; r++) {
          const g = gates + 4 * r * n;
          for (let j = 0; j < n; j++) {
            const cell = r * n + j;
            const next = sigma(x[g + n + j]) * x[c + cell] + sigma(x[g + j]) * Math.tanh(x[g + 2 * n + j]);
            x[c + cell] = next;
            x[h + cell] = sigma(x[g + 3 * n + j]) * Math.tanh(next);
          }
        }
      }

      return { multiply, gather, advance };
    }

    live.arithmetic = { heap, pack, plain };
  };
})();
