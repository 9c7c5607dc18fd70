"""One tower as an ONNX graph, and its prefixes through onnxruntime-web: what the model in the page is compared with.

The file is written here, by the few rules of Google's protocol buffers that it needs, so that no package is wanted but
onnxruntime-web itself. Its graph: an LSTM node a layer, both directions, lengths given; the result is the final state
of the last layer, (2, B, H).
"""

from __future__ import annotations

import functools
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser

from sitegen.corpus.arrays import Array
from sitegen.models.lstm.architecture import Architecture

SCRIPT = "ort.wasm.min.js"
_FLOAT, _INT32, _INT64 = 1, 6, 7  # ONNX's types
_PAGE = f"""<!doctype html><meta charset="utf-8"><title>onnx</title><script src="{SCRIPT}"></script><script>
ort.env.wasm.numThreads = 1;
window.load = async () => {{
  const since = performance.now();
  window.session = await ort.InferenceSession.create("tower.onnx", {{executionProviders: ["wasm"]}});
  return performance.now() - since;
}};
window.prefixes = async (text, D, H, size) => {{
  const n = text.length / D, x = Float32Array.from(text), since = performance.now(), result = new Array(n);
  for (let first = 0; first < n; first += size) {{
    const lengths = Int32Array.from({{length: Math.min(size, n - first)}}, (_, k) => first + k + 1), B = lengths.length;
    const longest = lengths[B - 1], X = new Float32Array(longest * B * D);
    for (let k = 0; k < longest * B; k++) X.set(x.subarray(Math.floor(k / B) * D, (Math.floor(k / B) + 1) * D), k * D);
    const {{state}} = await session.run({{
      X: new ort.Tensor("float32", X, [longest, B, D]), lengths: new ort.Tensor("int32", lengths, [B]),
    }});
    for (let b = 0; b < B; b++) {{
      result[first + b] = [0, 1].flatMap((d) => [...state.data.subarray((d * B + b) * H, (d * B + b + 1) * H)]);
    }}
  }}
  return {{ms: performance.now() - since, result}};
}};
</script>"""


def measure(
    browser: Browser, dist: Path, folder: Path, *, architecture: Architecture, weights: Mapping[str, Array], text: Array
) -> tuple[float, float, Array]:
    """(start, prefixes, features): ms to load the session, ms for all prefixes of a text (n, D), and what they are,
    (n, 2 H). dist: of the package onnxruntime-web."""
    for name in (SCRIPT, "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"):
        shutil.copyfile(dist / name, folder / name)
    (folder / "tower.onnx").write_bytes(tower(architecture, weights, "lstmAb"))
    (folder / "index.html").write_text(_PAGE, encoding="utf-8")
    with _served(folder) as address:
        page = browser.new_page()
        page.goto(address)
        start = page.evaluate("load()")
        best: dict[str, Any] = {"ms": np.inf}
        for size in (1, 17, 34, 85):
            given = [text.ravel().tolist(), text.shape[1], architecture.hidden, size]
            found = page.evaluate("([text, D, H, size]) => prefixes(text, D, H, size)", given)
            best = min(best, found, key=lambda one: one["ms"])
        page.close()
    return start, best["ms"], np.array(best["result"])


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/index.html"
        server.shutdown()
        thread.join()


def tower(architecture: Architecture, weights: Mapping[str, Array], name: str) -> bytes:
    """One tower of a network of two directions as an ONNX file."""
    H, D = architecture.hidden, architecture.dimension
    nodes, tensors, read = [], [_tensor("shape", np.array([0, 0, 2 * H], dtype=np.int64))], "X"

    def both(kind: str, layer: int) -> Array:
        """The weights of both directions, their gates in ONNX's order: i, o, f, g."""
        of = [weights[f"{name}.{kind}_l{layer}{suffix}"] for suffix in ("", "_reverse")]
        return np.stack([np.concatenate([np.split(one, 4)[gate] for gate in (0, 3, 1, 2)]) for one in of])

    for layer in range(architecture.layers):
        last = layer == architecture.layers - 1
        biases = np.concatenate([both("bias_ih", layer), both("bias_hh", layer)], axis=1)
        for kind, values in (("W", both("weight_ih", layer)), ("R", both("weight_hh", layer)), ("B", biases)):
            tensors.append(_tensor(f"{kind}{layer}", values))
        inputs = [read, f"W{layer}", f"R{layer}", f"B{layer}", "lengths"]
        settings = {"hidden_size": H, "direction": "bidirectional"}
        nodes.append(_node("LSTM", inputs, ["", "state"] if last else [f"Y{layer}"], settings))
        if not last:
            nodes.append(_node("Transpose", [f"Y{layer}"], [f"T{layer}"], {"perm": [0, 2, 1, 3]}))
            nodes.append(_node("Reshape", [f"T{layer}", "shape"], [f"X{layer}"], {}))
            read = f"X{layer}"
    graph = b"".join(
        [
            *(_bytes(1, node) for node in nodes),
            _bytes(2, b"tower"),
            *(_bytes(5, tensor) for tensor in tensors),
            _bytes(11, _value("X", _FLOAT, ["n", "B", D])),
            _bytes(11, _value("lengths", _INT32, ["B"])),
            _bytes(12, _value("state", _FLOAT, [2, "B", H])),
        ]
    )
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, b"") + _number(2, 14))


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _tensor(name: str, values: Array) -> bytes:
    kind = _INT64 if values.dtype == np.int64 else _FLOAT
    sizes = b"".join(_number(1, size) for size in values.shape)
    return sizes + _number(2, kind) + _bytes(8, name.encode()) + _bytes(9, np.ascontiguousarray(values).tobytes())


def _node(kind: str, inputs: Sequence[str], outputs: Sequence[str], settings: Mapping[str, Any]) -> bytes:
    named = [_bytes(1, one.encode()) for one in inputs] + [_bytes(2, one.encode()) for one in outputs]
    return b"".join([*named, _bytes(4, kind.encode()), *(_bytes(5, _setting(*one)) for one in settings.items())])


def _setting(name: str, value: Any) -> bytes:
    head = _bytes(1, name.encode())
    if isinstance(value, int):
        return head + _number(3, value) + _number(20, 2)
    if isinstance(value, str):
        return head + _bytes(4, value.encode()) + _number(20, 3)
    return head + b"".join(_number(8, one) for one in value) + _number(20, 7)


def _value(name: str, kind: int, shape: Sequence[int | str]) -> bytes:
    sizes = [_number(1, one) if isinstance(one, int) else _bytes(2, one.encode()) for one in shape]
    tensor = _number(1, kind) + _bytes(2, b"".join(_bytes(1, size) for size in sizes))
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, tensor))
