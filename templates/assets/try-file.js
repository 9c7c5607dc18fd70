/* A text that a reader typed, with all that the model said of it, as one file: a page without scripts that needs nothing
   else, to be mailed or kept.

   sitegen.typed.file({ cut, data, picture, settings, model }) is its HTML. picture: the figure as SVG text. It is built as
   a document of nodes, so that what was typed stays text, and the figure is an image, in which nothing runs. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const typed = (sitegen.typed = sitegen.typed || {});
  const { percent, points, probability } = sitegen.numbers;

  const STYLE =
    "body{font:1rem/1.5 sans-serif;max-width:62rem;margin:1.5rem auto;padding:0 1rem;color:#1c2333;background:#fff}" +
    "img{max-width:100%;height:auto}table{border-collapse:collapse}th,td{padding:.3rem .6rem;text-align:left;" +
    "vertical-align:top;border-bottom:1px solid #ccc}td:not(:nth-child(2)){white-space:nowrap}.text{white-space:pre-line}" +
    "caption{text-align:left}footer,caption{color:#555;font-size:.9rem}footer{margin-top:1.5rem}";
  const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

  function base64(text) {
    let bytes = "";
    for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
    return window.btoa(bytes);
  }

  typed.file = function ({ cut, data, picture, settings, model }) {
    const page = document.implementation.createHTMLDocument(cut.title.text || `A ${settings.text} of my own`);
    const add = (parent, name, text = "", attributes = {}) => {
      const made = page.createElement(name);
      made.textContent = text;
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      parent.append(made);
      return made;
    };
    page.documentElement.lang = document.documentElement.lang;
    page.head.prepend(page.createElement("meta"));
    page.head.firstChild.setAttribute("charset", "utf-8");
    add(page.head, "meta", "", { "http-equiv": "Content-Security-Policy", content: POLICY });
    add(page.head, "meta", "", { name: "viewport", content: "width=device-width, initial-scale=1" });
    add(page.head, "style", STYLE);

    const { body } = page;
    const whole = probability(data.path.whole);
    const [negative, positive] = settings.classes;
    if (settings.titled) add(body, "h1", cut.title.text.trim() || "(no title)");
    add(body, "p", `${percent(whole)} probability of “${positive}”: ${model} says “${whole >= settings.threshold ? positive : negative}”.`);
    add(body, "img", "", { src: `data:image/svg+xml;base64,${base64(picture)}`, alt: "How the answer forms" });
    if (cut.abstract.text.trim()) {
      add(body, "h2", `The ${settings.text}`);
      add(body, "p", cut.abstract.text, { class: "text" });
    }
    const told = typed.sentences(data);
    const shared = told.some(({ share }) => share !== null);
    if (told.length) {
      const table = add(body, "table");
      add(table, "caption", `What each sentence says alone${shared ? ", its share" : ""}, and the answer without it`);
      const head = add(add(table, "thead"), "tr");
      for (const name of ["No.", "Sentence", "Alone it says", ...(shared ? ["Its share, points"] : []), "Without it"]) add(head, "th", name, { scope: "col" });
      const rows = add(table, "tbody");
      const characters = Array.from(cut.abstract.text);
      told.forEach(({ alone, share, without }, k) => {
        const row = add(rows, "tr");
        const [from, to] = [2 * k, 2 * k + 1].map((place) => cut.abstract.sentences[place]);
        const cells = [String(k + 1), characters.slice(from, to).join(""), percent(alone), ...(shared ? [points(share)] : []), percent(without)];
        for (const cell of cells) add(row, "td", cell);
      });
    }
    const { site, version } = settings.about;
    add(body, "footer", `Written by a reader of “${site}”, read by its model in the reader's browser. Made with sitegen ${version}.`);
    return `<!doctype html>\n${page.documentElement.outerHTML}\n`;
  };
})();
