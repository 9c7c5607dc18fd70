/* One model that answers one request at a time: in a worker, or in the page where there can be none.

     const session = live.session(model, wasm, slice, tell)
     session.ask(id, request)    tell({id, kind, value}) for each answer, at last {id, kind: "done", value: {ms}}
     session.cancel(id)

   A request takes the place of the one before. Work is done in slices of some milliseconds, and between two of them
   whatever waits has its turn: the next request, or the page. A fault is told as {id, kind: "error", value: message}. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const live = (sitegen.live = sitegen.live || {});
  live.pieces = live.pieces || {};

  live.pieces.session = function (live) {
    live.session = function (model, wasm, slice, tell) {
      const linear = model.kind === "linear";
      const memory = wasm && !linear ? live.kernel.memory() : null;
      const network = linear ? live.linear(model, live.numbers.stored) : towers();
      const ask = live.questions(network);
      const turns = new MessageChannel();
      let current = null;
      turns.port1.onmessage = work;

      function towers() {
        const own = live.arithmetic.heap(memory);
        const kernel = memory ? live.kernel.loops(memory) : live.arithmetic.plain(own);
        return live.network(live.numbers.of(model), own, kernel);
      }

      function work() {
        if (!current) return;
        const { id, steps, since } = current;
        try {
          const until = performance.now() + slice;
          do {
            if (steps.next().done) {
              current = null;
              tell({ id, kind: "done", value: { ms: performance.now() - since } });
              return;
            }
          } while (performance.now() < until);
        } catch (error) {
          current = null;
          tell({ id, kind: "error", value: String(error && error.message ? error.message : error) });
          return;
        }
        turns.port2.postMessage(null);
      }

      return {
        compiled: Boolean(memory),
        ask(id, request) {
          const idle = !current;
          if (linear) network.learn(request.tokens);
          current = { id, steps: ask(request, (kind, value) => tell({ id, kind, value })), since: performance.now() };
          if (idle) turns.port2.postMessage(null);
        },
        cancel(id) {
          if (current && current.id === id) current = null;
        },
      };
    };

    /* What a worker does with the messages of the page. */
    live.serve = function (scope) {
      let session = null;
      scope.onmessage = ({ data }) => {
        if (data.open) {
          session = live.session(data.open, data.wasm, data.slice, (message) => scope.postMessage(message));
          scope.postMessage({ kind: "open", value: { compiled: session.compiled } });
        } else if (data.request) session.ask(data.id, data.request);
        else session.cancel(data.id);
      };
    };
  };
})();
