/* The page where readers try the models on a text of their own (templates/try.html).

   At every pause in writing the texts are cut (live-text.js), and the model that is shown is asked (try-reader.js): first for
   its answer, then for all that the figure shows; another one beside it for its answer and its strongest sentence. What a
   fold shows is asked for while the fold is open. A further key cancels what is still being asked.

   The element [data-part="typed"] says where that stands: data-state is "loading", "empty", "answered" or "refused";
   data-whole is there once all that is wanted of the text is known and shown, data-asked counts the questions, data-note is
   what stands in the answer's place (try-note.js), data-beside is there while two models stand side by side, and
   data-unanswered where neither of them has anything to go by.

   settings, as the page has them (sitegen/web/pages/try_it.py):
     classes, threshold, thresholdText   the site's;            titled, text   whether there are titles; what a text is called
     models      [{ key, name, script, value }]: each model's key in the address, its name, the address of its script, and
                 what that assigns;    rows, texts   addresses of scripts that are loaded when the page stands
     record      [before, after] the name in the address of a record's page;    start: the name of the first one, or ""
     limits      { words, characters, byWords, shared, listed, pause };   turns, close, hardly: see there;   about: record.js

   sitegen.typed.page is { client, state() } for tests: of the model that is shown. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const { typed, live } = sitegen;
  const page = document.querySelector('[data-part="typed"]');
  const settings = JSON.parse(document.querySelector('[data-part="settings"]').textContent);
  const { limits } = settings;
  const part = (name) => page.querySelector(`[data-part="${name}"]`);
  const boxes = { title: page.querySelector('[data-write="title"]'), abstract: page.querySelector('[data-write="abstract"]') };
  const written = () => ({ title: boxes.title ? boxes.title.value : "", abstract: boxes.abstract.value });
  const figure = page.querySelector(".heatmap");
  const folds = { shares: page.querySelector("#all-sentences"), words: page.querySelector("#all-words") };
  const texts = typed.texts(page, limits.shared);
  const panel = typed.panel(part("answer"), settings);
  const note = typed.note(page, settings);
  const readers = settings.models.map(typed.reader);
  const models = typed.switch(page, readers, settings);
  const count = (n, what) => `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;
  const SOON = 400; // milliseconds that the figure by words may take before the one by sentences is shown

  sitegen.view = { read: () => ({ columns: null, numbers: null, cell: null, open: [], without: "" }), write() {} }; // the address has the text

  let turn = 0; // of asking: what comes of one before is left
  let keys = 0; // pressed: a text that was asked for before one of them is left, too
  let asked = 0;
  let now = null; // the reading (try-reader.js) that is shown
  let origin = null; // the record that the text comes from
  let table = null; // of words
  let soon = 0;

  const state = (name) => (page.dataset.state = name);
  const say = (text) => (part("busy").textContent = text);
  let fault = ""; // what failed of this text, which stays in sight
  const nameOf = (reader, alone) => (readers.length > 1 ? reader.name : alone);

  /* ---- what is shown ---- */

  /* How many words a reading has, and how many of them the model does not know; of one that weighs words one by one, how
     many have weight, once that is known, else null. */
  function sizes({ known, parts }) {
    const words = [...known.title, ...known.abstract];
    const alone = models.shown.weighs && parts.alone ? [...parts.alone.title, ...parts.alone.abstract] : null;
    const weighed = alone && alone.filter((margin) => margin !== parts.answer.empty).length;
    const blank = settings.titled && (!known.title.length || !known.abstract.length);
    return { words: words.length, unknown: words.filter((one) => !one).length, weighed, blank };
  }

  function counted({ cut, known }) {
    const { words, unknown } = sizes(now);
    const [title, abstract, sentences] = [known.title.length, known.abstract.length, cut.abstract.ends.length];
    const both = `${count(title, "word")} in the title, ${abstract.toLocaleString("en")} in the ${settings.text}`;
    const parts = [
      title && abstract ? both : settings.titled ? `${count(words, "word")} in the ${title ? "title" : settings.text}` : count(words, "word"),
      sentences ? count(sentences, "sentence") : "",
      unknown ? `${count(unknown, "word")} ${nameOf(models.shown, "the model")} does not know${unknown < words ? " (grey below)" : ""}` : "",
    ];
    part("count").textContent = `${parts.filter(Boolean).join("; ")}.`;
    part("count").classList.remove("over");
    part("key-unknown").hidden = !unknown;
    part("ideas").hidden = !sentences;
  }

  function hideAll() {
    for (const name of ["map", "texts", "folds"]) part(name).hidden = true;
  }

  function showAnswer() {
    const { parts, known } = now;
    models.show(written());
    const unread = typed.unread(now);
    const aside = models.asked.length > 1;
    if (unread && !aside) note.nothing(nameOf(models.shown, "The model"), now);
    else note.none();
    part("answer").hidden = unread;
    if (unread) {
      hideAll();
      part("said").textContent = part("note-head").textContent;
      return;
    }
    const has = { title: known.title.includes(true), abstract: known.abstract.includes(true) };
    part("answer").querySelector(".verdict-says").firstChild.textContent = `${nameOf(models.shown, "The model")} `;
    panel.show(parts.answer, has);
    panel.tell(parts.answer, has, parts.without ? parts.without.sentences : [], sizes(now));
    const positive = part("answer").classList.contains("positive");
    part("said").textContent = `${part("percent").textContent}: ${settings.classes[Number(positive)]}`;
  }

  function showFigure() {
    window.clearTimeout(soon);
    if (typed.unread(now)) return;
    const data = typed.figure(now.cut, now.known, now.parts, settings);
    if (!data) return;
    now.data = data;
    texts.show(now.cut, data);
    for (const name of ["map", "texts", "folds"]) part(name).hidden = false;
    part("coarse").hidden = now.known.abstract.length <= limits.byWords;
    part("no-shares").hidden = now.cut.abstract.ends.length <= limits.shared;
    part("asking-words").hidden = Boolean(now.parts.words);
    figure.dataset.model = models.shown.name;
    if (part("map-of")) part("map-of").textContent = models.shown.name;
    if (figure.renew) figure.renew(data);
    else sitegen.heatmap(figure, data);
    const record = texts.tint(data);
    if (now.parts.words) {
      if (table) table.renew(record);
      else table = sitegen.allWords(record);
    }
    showAnswer();
    if (figure.out.changed) figure.answer.show(); // which is of what is left
    for (const name of ["map", "texts"]) delete part(name).dataset.stale;
    part("keep").disabled = false;
  }

  function heard(reader, kind, value) {
    if (kind === "error") {
      say((fault = `The model in this page failed: ${value}`));
      return state("answered");
    }
    if (kind === "done") {
      reader.reading.took = value.ms;
      if (reader === models.shown && !now.data && now.parts.without) showFigure();
      models.show(written());
      return finished();
    }
    progress();
    if (reader !== models.shown) return models.show(written());
    if (kind === "answer") {
      state("answered");
      showAnswer();
    } else if (kind === "without") {
      models.show(written());
      soon = window.setTimeout(showFigure, SOON);
    } else if (["grid", "words", "shares"].includes(kind)) showFigure();
  }

  /* How far the models that are asked are, all of them: whichever of two is the last is waited for. */
  function progress() {
    const loading = models.asked.find((reader) => !reader.ready);
    if (fault) return say(fault);
    if (loading) return say(`Loading ${nameOf(loading, "the model")} …`);
    if (models.asked.some((reader) => reader.asking)) return say("Reading it sentence by sentence and word by word …");
    const took = Math.max(...models.asked.map(({ reading }) => reading.took));
    say(`Answered in ${took < 100 ? "less than 0.1" : (took / 1000).toFixed(1)} seconds, on this machine.`);
  }

  function finished() {
    progress();
    if (models.asked.every((reader) => reader.ready && !reader.asking)) page.dataset.whole = "";
  }

  function stop() {
    turn += 1;
    for (const reader of readers) reader.stop();
    window.clearTimeout(soon);
    delete page.dataset.whole;
  }

  /* ---- asking ---- */

  /* The kinds that are wanted of a model's reading and not known yet. */
  function wanted(reader) {
    const { cut, parts } = reader.reading;
    const { length } = cut.abstract.tokens;
    const alone = !length && cut.title.tokens.length <= limits.byWords; // a title, which is coloured by its words
    const sentences = cut.abstract.ends.length;
    const kinds = ["answer"];
    if (reader === models.shown) {
      kinds.push("alone", "titles", "sentences-grid", "without");
      if (length <= limits.byWords) kinds.push("grid");
      if (folds.shares.open && sentences && sentences <= limits.shared) kinds.push("shares");
      if (folds.words.open || alone) kinds.push("words");
    } else kinds.push("without");
    return kinds.filter((kind) => !parts[kind]);
  }

  function askFor(reader) {
    const want = wanted(reader);
    if (!want.length) return finished();
    delete page.dataset.whole;
    page.dataset.asked = asked += 1;
    reader.ask(want, (kind, value) => heard(reader, kind, value));
  }

  async function askOf(reader, text) {
    const mine = turn;
    if (!reader.ready) {
      progress();
      try {
        await reader.open();
      } catch (error) {
        failed(error);
        return;
      }
      if (mine !== turn) return;
    }
    reader.read(text);
    if (reader === models.shown) {
      now = reader.reading;
      typed.page = { client: reader.client, state: () => now };
      counted(now);
      if (now.parts.answer) {
        state("answered"); // it was asked before
        showAnswer();
      }
      if (now.data) showFigure();
    }
    askFor(reader);
  }

  function refuse(words, characters) {
    const many = words > limits.words ? count(words, "word") : count(characters, "character");
    const most = words > limits.words ? count(limits.words, "word") : count(limits.characters, "character");
    const line = `This is ${many}; at most ${most} are read here. Shorten it to get an answer.`;
    part("count").textContent = line;
    part("count").classList.add("over");
    part("said").textContent = line;
    models.show(written());
    note.tooLong(line);
    part("answer").hidden = true;
    hideAll();
    state("refused");
    say("");
  }

  function invite() {
    part("count").textContent = "No word is written yet.";
    part("count").classList.remove("over");
    part("said").textContent = "";
    note.invite();
    part("answer").hidden = true;
    models.show(written());
    hideAll();
    state("empty");
    say("");
    models.shown.open().catch(failed); // so that it answers the first word at once
  }

  function ask() {
    const text = written();
    const characters = text.title.length + text.abstract.length;
    const words = live.countWords(text.title) + live.countWords(text.abstract);
    window.clearTimeout(timer);
    stop();
    fault = "";
    offerBack(text);
    if (words > limits.words || characters > limits.characters) return refuse(words, characters);
    keep(text);
    if (!words) return invite();
    for (const name of ["map", "texts"]) part(name).dataset.stale = "";
    part("keep").disabled = true;
    part("kept").textContent = "";
    if (!models.shown.ready) {
      note.none();
      state("loading");
    }
    for (const reader of models.asked) askOf(reader, text);
  }

  for (const fold of Object.values(folds))
    fold.addEventListener("toggle", () => {
      if (fold.open && now && models.shown.reading === now) askFor(models.shown);
    });

  /* ---- the text, where it comes from and where it is kept ---- */

  const unchanged = (text) => origin && text.title === origin.title && text.abstract === origin.abstract;

  function keep(text) {
    typed.address.write({ ...(unchanged(text) ? { record: origin.name } : text), ...models.state() });
  }

  /* The list of records says which one the text is, and nothing once it is no record's. */
  function offerBack(text) {
    const same = Boolean(unchanged(text));
    const select = part("example");
    part("back").hidden = !origin || same;
    if (!select) return;
    select.value = same ? origin.name : "";
    if (select.selectedIndex < 0) select.value = ""; // it is not listed
  }

  function put(text) {
    if (boxes.title) boxes.title.value = text.title;
    boxes.abstract.value = text.abstract;
    ask();
  }

  let timer = 0;
  for (const box of Object.values(boxes).filter(Boolean))
    box.addEventListener("input", () => {
      keys += 1;
      window.clearTimeout(timer);
      stop();
      timer = window.setTimeout(ask, limits.pause);
    });

  async function from(name) {
    const before = keys;
    const records = await typed.records(settings);
    if (keys !== before) return;
    origin = records.find((record) => record.name === name) || null;
    put(origin || { title: "", abstract: "" });
  }

  async function offer(select) {
    const records = await typed.records(settings);
    for (const { name, shown } of records.slice(0, limits.listed)) select.append(new Option(shown, name));
    offerBack(written());
  }

  /* Buttons that put a text there give the focus to it: two of three are gone then. */
  const toText = () => (boxes.title || boxes.abstract).focus({ preventScroll: true });

  models.on(ask);
  part("back").addEventListener("click", () => {
    put(origin);
    toText();
  });
  part("clear").addEventListener("click", () => {
    put({ title: "", abstract: "" });
    toText();
  });
  for (const button of page.querySelectorAll("[data-start]"))
    button.addEventListener("click", () => from(button.dataset.start).then(toText, failed));
  part("copy-link").addEventListener("click", (event) => sitegen.copyText(location.href, event.target));
  async function save() {
    const { cut, data } = now;
    const model = figure.dataset.model;
    const view = await sitegen.drawn(sitegen.picture(await figure.shown(), settings.about, model));
    const picture = await view.toSVG();
    sitegen.download(new Blob([typed.file({ cut, data, picture, settings, model })], { type: "text/html" }), `${settings.about.name}.html`);
  }

  part("keep").addEventListener("click", () => {
    part("kept").textContent = "";
    save().catch((error) => (part("kept").textContent = `This could not be saved: ${error.message}.`));
  });

  function failed(error) {
    say((fault = `This page could not be loaded whole: ${error.message}`));
    window.console.error(error);
  }

  async function begin() {
    const kept = typed.address.read();
    const select = part("example");
    models.choose(kept ? kept.by : "", kept ? kept.of : "");
    for (const reader of models.asked) reader.open().catch(failed);
    say("Loading the model …");
    const text = kept && kept.text;
    if (text && !text.record) put(text);
    else if (text || settings.start) await from(text ? text.record : settings.start);
    else ask();
    if (select) {
      select.addEventListener("change", () => select.value && from(select.value).catch(failed));
      await offer(select);
    }
  }

  window.addEventListener("hashchange", () => {
    if (typed.address.read()) location.reload(); // another text, or another model, was asked for in the address
    else keep(written()); // a place of the page was: the text stays in the address
  });
  begin().catch(failed);
})();
