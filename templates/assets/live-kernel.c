/* The loops of the model in the page, compiled to WebAssembly with its 128-bit vectors: see live-arithmetic.js, which has
   the same in plain JavaScript and says what each computes. live-kernel.js holds the compiled bytes; `make kernel` makes
   them anew.

   Pointers are to numbers of four bytes, multiples of four of them; n is a multiple of 16 where it is a width of gates,
   else of four. */
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name))) void name
#define load wasm_v128_load
#define store wasm_v128_store
#define splat wasm_v128_load32_splat
#define add wasm_f32x4_add
#define sub wasm_f32x4_sub
#define mul wasm_f32x4_mul
#define constant wasm_f32x4_const_splat

enum { WIDTH = 8 }; /* columns of a panel of weights */

/* Four rows by eight columns: eight sums, which the processor's registers hold. */
static void four(const float *a, int k, const float *w, float *c, int n) {
  v128_t p0 = load(c), p1 = load(c + 4), q0 = load(c + n), q1 = load(c + n + 4);
  v128_t r0 = load(c + 2 * n), r1 = load(c + 2 * n + 4), s0 = load(c + 3 * n), s1 = load(c + 3 * n + 4);
  const float *b = a + k, *d = b + k, *e = d + k;
  for (int i = 0; i < k; i++, w += WIDTH) {
    v128_t w0 = load(w), w1 = load(w + 4), x;
    x = splat(a + i), p0 = add(p0, mul(x, w0)), p1 = add(p1, mul(x, w1));
    x = splat(b + i), q0 = add(q0, mul(x, w0)), q1 = add(q1, mul(x, w1));
    x = splat(d + i), r0 = add(r0, mul(x, w0)), r1 = add(r1, mul(x, w1));
    x = splat(e + i), s0 = add(s0, mul(x, w0)), s1 = add(s1, mul(x, w1));
  }
  store(c, p0), store(c + 4, p1), store(c + n, q0), store(c + n + 4, q1);
  store(c + 2 * n, r0), store(c + 2 * n + 4, r1), store(c + 3 * n, s0), store(c + 3 * n + 4, s1);
}

/* One row by two panels: four sums, so that none waits for the one before. */
static void one(const float *a, int k, const float *w, float *c) {
  v128_t p0 = load(c), p1 = load(c + 4), p2 = load(c + 8), p3 = load(c + 12);
  const float *v = w + k * WIDTH;
  for (int i = 0; i < k; i++, w += WIDTH, v += WIDTH) {
    v128_t x = splat(a + i);
    p0 = add(p0, mul(x, load(w))), p1 = add(p1, mul(x, load(w + 4)));
    p2 = add(p2, mul(x, load(v))), p3 = add(p3, mul(x, load(v + 4)));
  }
  store(c, p0), store(c + 4, p1), store(c + 8, p2), store(c + 12, p3);
}

EXPORT(multiply)(const float *a, int rows, int k, const float *w, float *c, int n) {
  int whole = rows & ~3;
  for (int j = 0; j < n && whole; j += WIDTH) {
    for (int r = 0; r < whole; r += 4) four(a + r * k, k, w + j * k, c + r * n + j, n);
  }
  for (int r = whole; r < rows; r++) {
    for (int j = 0; j < n; j += 2 * WIDTH) one(a + r * k, k, w + j * k, c + r * n + j);
  }
}

EXPORT(gather)(float *to, const float *from, const int *index, int rows, int n, int adding) {
  for (int r = 0; r < rows; r++, to += n) {
    const float *source = from + index[r] * n;
    for (int j = 0; j < n; j += 4) {
      v128_t x = load(source + j);
      store(to + j, adding ? add(load(to + j), x) : x);
    }
  }
}

/* e to the power of x, to about one unit in the last place: 2^m times a polynomial of what is left of x. Beyond 87 it
   stays what it is there. */
static v128_t exponential(v128_t x) {
  x = wasm_f32x4_min(wasm_f32x4_max(x, constant(-87.0f)), constant(87.0f));
  v128_t m = wasm_f32x4_nearest(mul(x, constant(1.44269504f)));
  x = sub(sub(x, mul(m, constant(0.693359375f))), mul(m, constant(-2.12194440e-4f)));
  v128_t y = constant(1.9875691500e-4f);
  y = add(mul(y, x), constant(1.3981999507e-3f));
  y = add(mul(y, x), constant(8.3334519073e-3f));
  y = add(mul(y, x), constant(4.1665795894e-2f));
  y = add(mul(y, x), constant(1.6666665459e-1f));
  y = add(mul(y, x), constant(5.0000001201e-1f));
  y = add(add(mul(mul(x, x), y), x), constant(1.0f));
  v128_t power = wasm_i32x4_shl(wasm_i32x4_add(wasm_i32x4_trunc_sat_f32x4(m), wasm_i32x4_const_splat(127)), 23);
  return mul(y, power);
}

static v128_t sigma(v128_t x) {
  return wasm_f32x4_div(constant(1.0f), add(constant(1.0f), exponential(wasm_f32x4_neg(x))));
}

static v128_t tangent(v128_t x) { return sub(mul(constant(2.0f), sigma(mul(constant(2.0f), x))), constant(1.0f)); }

EXPORT(advance)(const float *gates, float *h, float *c, int rows, int n) {
  for (int r = 0; r < rows; r++, gates += 4 * n, h += n, c += n) {
    for (int j = 0; j < n; j += 4) {
      v128_t i = sigma(load(gates + j)), f = sigma(load(gates + n + j));
      v128_t g = tangent(load(gates + 2 * n + j)), o = sigma(load(gates + 3 * n + j));
      v128_t next = add(mul(f, load(c + j)), mul(i, g));
      store(c + j, next);
      store(h + j, mul(o, tangent(next)));
    }
  }
}
