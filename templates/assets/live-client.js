/* The model in the page, for the page.

     const client = sitegen.live.open(sitegen.liveModel, {wasm: true})
     const running = client.ask({title, abstract, ends, want}, (kind, value) => ...)    see live-questions.js
     running.cancel()
     client.ready.then(({compiled, worker}) => ...)    how it runs
     client.close()

     sitegen.live.words(sitegen.liveModel)    has get(token): the number by which a request names it, undefined where the
                                              model does not know it

   A page opened from disk may load no worker from a file, so the worker's program is put together from the texts of the
   functions in live-*.js. Where the browser refuses a worker, the same functions run in the page, in short slices. A
   request takes the place of the one before, of which nothing more is heard. The last call is ("done", {ms}). */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const live = (sitegen.live = sitegen.live || {});
  const IN_WORKER = 12, IN_PAGE = 8; // milliseconds without a look at what else there is

  function program() {
    const pieces = Object.values(live.pieces).map((piece) => `(${piece})(live);`);
    return `"use strict";\nconst live = {};\n${pieces.join("\n")}\nlive.serve(self);\n`;
  }

  /* A worker, or null where the browser refuses one at once; `refused` is called where it does so later. */
  function worker(refused) {
    const address = URL.createObjectURL(new Blob([program()], { type: "text/javascript" }));
    try {
      const made = new Worker(address);
      made.onerror = (event) => {
        event.preventDefault();
        refused();
      };
      return made;
    } catch {
      return null;
    } finally {
      setTimeout(() => URL.revokeObjectURL(address), 60000);
    }
  }

  sitegen.live.open = function (model, { wasm = true, worker: wanted = true } = {}) {
    let listener = null, last = 0, pending = null, opened = false, port = null, told = 0;
    let settle;
    const ready = new Promise((resolve) => (settle = resolve));

    function heard({ id, kind, value }) {
      if (kind === "open") {
        opened = true;
        pending = null;
        settle({ compiled: value.compiled, worker: true });
      } else if (listener && id === last) listener(kind, value);
    }

    function inPage() {
      const own = {};
      Object.values(live.pieces).forEach((piece) => piece(own));
      let session = null;
      // Reading the numbers takes a while, so the page is shown first.
      const start = () => (session = session || own.session(model, wasm, IN_PAGE, heard));
      setTimeout(() => settle({ compiled: start().compiled, worker: false }));
      return {
        postMessage({ id, request }) {
          if (request) start().ask(id, request);
          else if (session) session.cancel(id);
        },
        terminate() {
          if (session) session.cancel(last);
        },
      };
    }

    const made = wanted && typeof Worker === "function" ? worker(refused) : null;
    function refused() {
      if (opened) return;
      opened = true;
      port = inPage();
      told = 0;
      if (pending) port.postMessage({ ...pending, request: named(pending.request) });
    }

    /* A request with the tokens that have got a number since the one before. */
    function named(request) {
      if (model.kind !== "linear") return request;
      const tokens = sitegen.live.words(model).since(told);
      told += tokens.length;
      return { ...request, tokens };
    }
    if (made) {
      port = made;
      made.onmessage = ({ data }) => heard(data);
      made.postMessage({ open: model, wasm, slice: IN_WORKER });
    } else refused();

    return {
      ready,
      ask(request, onPart) {
        const id = ++last;
        listener = onPart;
        const message = { id, request: named(request) };
        if (!opened) pending = message;
        port.postMessage(message);
        return {
          cancel() {
            if (id !== last) return;
            listener = null;
            pending = null;
            port.postMessage({ id });
          },
        };
      },
      close() {
        listener = null;
        port.terminate();
      },
    };
  };

  const lexicons = new WeakMap();

  sitegen.live.words = function (model) {
    if (model.kind !== "linear") return new Map(model.words.split("\n").map((word, number) => [word, number]));
    if (!lexicons.has(model)) lexicons.set(model, live.lexicon());
    return lexicons.get(model);
  };
})();
