/* One of the models that read what is typed: it is loaded when it is first asked for, and runs in a worker of its own.

   sitegen.typed.reader({ key, name, script, value }) gives, beside these four,
     open()            load it, once; promises that it can be asked
     ready             whether that is done;   client: see live-client.js;   weighs: whether it weighs words one by one
     read(text)        the reading of { title, abstract }: the same object as before, with what is known, while the text is
                       the same. { cut, known, numbers, parts, data, took }: the text as this model's texts were cut (live-text.js);
                       { title, abstract } with of each word whether the model knows it; the words by number; what the model
                       has said, by kind (live-questions.js); what the figure is drawn from (try-figure.js); took: in how many
                       milliseconds it answered when it was last asked
     reading           the last one
     ask(want, heard)  ask for kinds; heard(kind, value) is called when one has become part of the reading
     asking            whether something is being asked;   stop(): leave off

   sitegen.typed.unread(reading)  whether the model has nothing to go by in the text: what it says of it is, to the last
                                  digit, what it says of none. null while it has not answered */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const typed = (sitegen.typed = sitegen.typed || {});

  typed.reader = function (model) {
    const { live } = sitegen;
    let vocabulary = null;
    let segmentation = null;
    let opening = null;
    let running = null;

    const reader = {
      ...model,
      ready: false,
      weighs: false,
      client: null,
      reading: null,

      open() {
        opening ??= sitegen.load(model.script).then(() => {
          const numbers = sitegen[model.value];
          vocabulary = live.words(numbers);
          segmentation = numbers.segmentation;
          reader.weighs = numbers.kind === "linear" && numbers.architecture.longest === 1;
          reader.client = live.open(numbers, { wasm: true });
          reader.ready = true;
        });
        return opening;
      },

      read({ title, abstract }) {
        const last = reader.reading;
        if (last && last.cut.title.text === title && last.cut.abstract.text === abstract) return last;
        const { splitter, strip_title: stripTitle } = segmentation;
        const cut = live.cut(title, abstract, { splitter, stripTitle });
        const rows = ({ tokens }) => Int32Array.from(tokens, (token) => vocabulary.get(token) ?? -1);
        const numbers = { title: rows(cut.title), abstract: rows(cut.abstract) };
        const known = (field) => Array.from(numbers[field], (row) => row >= 0);
        reader.reading = { cut, known: { title: known("title"), abstract: known("abstract") }, numbers, parts: {}, data: null, took: 0 };
        return reader.reading;
      },

      ask(want, heard) {
        reader.stop();
        const { reading } = reader;
        running = reader.client.ask({ ...reading.numbers, ends: reading.cut.abstract.ends, want }, (kind, value) => {
          if (kind === "done" || kind === "error") running = null;
          else reading.parts[kind] = value;
          heard(kind, value);
        });
      },

      get asking() {
        return Boolean(running);
      },

      stop() {
        if (running) running.cancel();
        running = null;
      },
    };
    return reader;
  };

  typed.unread = function ({ parts: { answer } }) {
    return answer ? answer.margin === answer.empty : null;
  };
})();
