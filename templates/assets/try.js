/* The page where readers try the model on a text of their own (templates/try.html).

   At every pause in writing the texts are cut (live-text.js), and the model is asked (live-client.js): first for its
   answer, then for all that the figure shows. What a fold shows is asked for while the fold is open. A further key cancels
   what is still being asked. The element [data-part="typed"] says where that stands: data-state is "loading", "asking",
   "answered" or "refused"; data-whole is there once all that is wanted of the text is known and shown, and data-asked counts
   the questions.

   settings, as the page has them (sitegen/web/pages/try_it.py):
     classes, threshold, thresholdText   the site's;            titled, text   whether there are titles; what a text is called
     model, rows, texts                  addresses of scripts that are loaded when the page stands
     record      [before, after] the name in the address of a record's page;    start: the name of the first one, or ""
     limits      { words, characters, byWords, shared, listed, pause };   turns, close, hardly: see there;   about: record.js

   sitegen.typed.page is { client, state() } for tests. */
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
  const texts = typed.texts(page);
  const panel = typed.panel(part("answer"), settings);
  const count = (n, what) => `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;
  const SOON = 400; // milliseconds that the figure by words may take before the one by sentences is shown

  sitegen.view = { read: () => ({ columns: null, numbers: null, cell: null, open: [], without: "" }), write() {} }; // the address has the text

  let client = null;
  let vocabulary = null;
  let running = null; // what is being asked
  let asked = 0;
  let now = null; // { cut, known, parts, data }: of the text that was asked about last
  let origin = null; // the record that the text comes from
  let table = null; // of words
  let soon = 0;

  const state = (name) => (page.dataset.state = name);
  const say = (text) => (part("busy").textContent = text);

  /* ---- what is shown ---- */

  function counted(cut, known) {
    const words = [...known.title, ...known.abstract];
    const lacking = words.filter((one) => !one).length;
    const parts = [
      settings.titled ? `${count(known.title.length, "word")} in the title, ${known.abstract.length.toLocaleString("en")} in the ${settings.text}` : count(words.length, "word"),
      `${count(cut.abstract.ends.length, "sentence")}`,
      lacking ? `${count(lacking, "word")} the model does not know (grey below)` : "",
    ];
    part("count").textContent = words.length ? `${parts.filter(Boolean).join("; ")}.` : "Nothing is written yet.";
    part("count").classList.remove("over");
  }

  function showAnswer() {
    const { parts, known } = now;
    const has = { title: known.title.includes(true), abstract: known.abstract.includes(true) };
    panel.show(parts.answer, has);
    panel.tell(parts.answer, has, parts.without ? parts.without.sentences : []);
    const positive = part("answer").classList.contains("positive");
    part("said").textContent = `${part("percent").textContent}: ${settings.classes[Number(positive)]}`;
  }

  function showFigure() {
    window.clearTimeout(soon);
    const data = typed.figure(now.cut, now.known, now.parts, settings);
    if (!data) return;
    now.data = data;
    texts.show(now.cut, data);
    for (const name of ["map", "texts", "folds"]) part(name).hidden = !(now.known.title.length + now.known.abstract.length);
    part("coarse").hidden = now.known.abstract.length <= limits.byWords;
    part("no-shares").hidden = now.cut.abstract.ends.length <= limits.shared;
    part("asking-words").hidden = Boolean(now.parts.words);
    if (figure.renew) figure.renew(data);
    else sitegen.heatmap(figure, data);
    const record = texts.tint(data);
    if (now.parts.words) {
      if (table) table.renew(record);
      else table = sitegen.allWords(record);
    }
    showAnswer();
    for (const name of ["map", "texts"]) delete part(name).dataset.stale;
    part("keep").disabled = false;
  }

  function heard(kind, value) {
    if (kind === "error") {
      say(`The model in this page failed: ${value}`);
      return state("answered");
    }
    if (kind === "done") return finished(value.ms);
    now.parts[kind] = value;
    if (kind === "answer") {
      state("answered");
      showAnswer();
      say(now.known.abstract.length + now.known.title.length ? "Reading it sentence by sentence and word by word …" : "");
    } else if (kind === "without") soon = window.setTimeout(showFigure, SOON);
    else if (["grid", "words", "shares"].includes(kind)) showFigure();
  }

  function finished(ms) {
    if (!now.data && now.parts.without) showFigure();
    say(`Answered in ${(ms / 1000).toFixed(1)} seconds, on this machine.`);
    running = null;
    page.dataset.whole = "";
  }

  function stop() {
    if (running) running.cancel();
    running = null;
    window.clearTimeout(soon);
    delete page.dataset.whole;
  }

  /* ---- asking ---- */

  /* The kinds that are wanted of the text and not known yet. */
  function wanted() {
    const { cut, parts } = now;
    const words = cut.title.tokens.length + cut.abstract.tokens.length;
    const kinds = ["answer"];
    if (words) kinds.push("alone", "titles", "sentences-grid", "without");
    if (words && cut.abstract.tokens.length <= limits.byWords) kinds.push("grid");
    if (words && folds.shares.open && cut.abstract.ends.length && cut.abstract.ends.length <= limits.shared) kinds.push("shares");
    if (words && folds.words.open) kinds.push("words");
    return kinds.filter((kind) => !parts[kind]);
  }

  function askFor(want) {
    if (!want.length || !client) return;
    stop();
    page.dataset.asked = asked += 1;
    const { numbers, cut } = now;
    running = client.ask({ ...numbers, ends: cut.abstract.ends, want }, heard);
  }

  function refuse(words, characters) {
    const many = words > limits.words ? count(words, "word") : count(characters, "character");
    const most = words > limits.words ? count(limits.words, "word") : count(limits.characters, "character");
    part("count").textContent = `This is ${many}; at most ${most} are read here. Shorten it, and the model answers.`;
    part("count").classList.add("over");
    state("refused");
    say("");
  }

  function ask() {
    const text = written();
    const characters = text.title.length + text.abstract.length;
    const words = live.countWords(text.title) + live.countWords(text.abstract);
    stop();
    if (words > limits.words || characters > limits.characters) return refuse(words, characters);
    keep(text);
    if (!client) return;
    const { splitter, strip_title: stripTitle } = sitegen.liveModel.segmentation;
    const cut = live.cut(text.title, text.abstract, { splitter, stripTitle });
    const rows = ({ tokens }) => Int32Array.from(tokens, (token) => vocabulary.get(token) ?? -1);
    const numbers = { title: rows(cut.title), abstract: rows(cut.abstract) };
    const known = { title: Array.from(numbers.title, (row) => row >= 0), abstract: Array.from(numbers.abstract, (row) => row >= 0) };
    now = { cut, known, numbers, parts: {}, data: null };
    counted(cut, known);
    if (!words) for (const name of ["map", "texts", "folds"]) part(name).hidden = true;
    for (const name of ["map", "texts"]) part(name).dataset.stale = "";
    part("keep").disabled = true;
    askFor(wanted());
  }

  for (const fold of Object.values(folds))
    fold.addEventListener("toggle", () => {
      if (fold.open && now) askFor(wanted());
    });

  /* ---- the text, where it comes from and where it is kept ---- */

  const unchanged = (text) => origin && text.title === origin.title && text.abstract === origin.abstract;

  function keep(text) {
    typed.address.write(unchanged(text) ? { record: origin.name } : text);
    part("back").hidden = !origin || Boolean(unchanged(text));
  }

  function put(text) {
    if (boxes.title) boxes.title.value = text.title;
    boxes.abstract.value = text.abstract;
    ask();
  }

  let timer = 0;
  for (const box of Object.values(boxes).filter(Boolean))
    box.addEventListener("input", () => {
      window.clearTimeout(timer);
      stop();
      timer = window.setTimeout(ask, limits.pause);
    });

  async function from(name) {
    const records = await typed.records(settings);
    origin = records.find((record) => record.name === name) || null;
    const select = part("example");
    if (select && origin) select.value = name;
    put(origin || { title: "", abstract: "" });
  }

  async function offer(select) {
    const records = await typed.records(settings);
    for (const { name, shown } of records.slice(0, limits.listed)) select.append(new Option(shown, name));
    if (origin) select.value = origin.name;
  }

  part("back").addEventListener("click", () => put(origin));
  part("clear").addEventListener("click", () => {
    put({ title: "", abstract: "" });
    (boxes.title || boxes.abstract).focus();
  });
  part("copy-link").addEventListener("click", (event) => sitegen.copyText(location.href, event.target));
  part("keep").addEventListener("click", async (event) => {
    const { cut, data } = now;
    const model = figure.dataset.model;
    const view = await sitegen.drawn(sitegen.picture(await figure.shown(), settings.about, model));
    const picture = await view.toSVG();
    sitegen.download(new Blob([typed.file({ cut, data, picture, settings, model })], { type: "text/html" }), `${settings.about.name}.html`);
    event.target.blur();
  });

  async function begin() {
    const kept = typed.address.read();
    const select = part("example");
    if (kept && !kept.record) put(kept);
    else if (kept || settings.start) await from(kept ? kept.record : settings.start);
    if (select) {
      select.addEventListener("change", () => select.value && from(select.value));
      await offer(select);
    }
  }

  async function load(started) {
    say("Loading the model …");
    await Promise.all([started, sitegen.load(settings.model)]);
    vocabulary = live.words(sitegen.liveModel);
    client = live.open(sitegen.liveModel, { wasm: true });
    typed.page = { client, state: () => now };
    ask();
  }

  window.addEventListener("hashchange", () => {
    if (typed.address.read()) location.reload(); // another text was asked for in the address
    else keep(written()); // a place of the page was: the text stays in the address
  });
  load(begin()).catch((error) => {
    say(`This page could not be loaded whole: ${error.message}`);
    window.console.error(error);
  });
})();
