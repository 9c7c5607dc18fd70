/* The cells of the gallery's rows, which CSS shows as cards or as a table. All are built node by node: no text of a
   record is ever read as HTML.

   sitegen.cells(names)  columns for DataTables of those names
   sitegen.mark(row, node, terms, text)  marks what a search found in a row's title and sentence, and shows what it found
                                  in the text beside them, which no row shows */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const { fold, mark, around, finds } = sitegen.search;
  const { make } = sitegen;
  const SVG = "http://www.w3.org/2000/svg";
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"; // a trace's levels (reading.py)

  function link(href, text) {
    const made = make("a", "", text);
    made.href = href;
    return made;
  }
  const group = (...parts) => make("div", "", ...parts);
  const side = (isPositive) => (isPositive ? "positive" : "negative");

  /* The reading curve over the picture: a wide pale line below a narrow dark one, to be seen on any ground. */
  function curve(trace) {
    const top = LETTERS.length - 1;
    const line = [...trace].map((letter, k) => `${k} ${top - LETTERS.indexOf(letter)}`).join("L");
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 -3 ${trace.length - 1} ${top + 6}`);
    svg.setAttribute("preserveAspectRatio", "none");
    for (const name of ["under", "over"]) {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("class", name);
      path.setAttribute("d", "M" + line);
      svg.append(path);
    }
    return svg;
  }

  const cells = {
    picture(row) {
      const made = link(row.href, "");
      const image = make("img");
      Object.assign(image, { src: row.thumbnail, alt: "", loading: "lazy", decoding: "async" });
      Object.assign(made, { tabIndex: -1, ariaHidden: "true" });
      made.append(image, ...(row.trace ? [curve(row.trace)] : []), make("span", "sign " + side(row.positive)));
      return made;
    },
    title: (row) => link(row.href, row.title),
    verdict(row) {
      const pill = make("span", "pill " + side(row.positive));
      pill.append(make("b", "", row.predicted), " " + row.percent);
      return pill;
    },
    other(row, k) {
      if (!row.others[k]) return group();
      const [text, isPositive, differs] = ["percent", "positive", "differs"].map((name) => row.others[k][OTHER[name]]);
      const said = make("span", `ink-${side(isPositive)}`, `${isPositive ? "▲" : "▼"} ${text}`);
      return group(make("span", "whose", `${models[k]}: `), said, ...(differs ? [" ", make("span", "differs", "disagrees")] : []));
    },
    label: (row) => (row.right ? group(row.label + " ", make("span", row.right, row.right)) : group(row.label)),
    step: (row) => (row.step ? group(row.step + " ", make("small", "", `sentence ${row.step_number}`)) : group()),
    sentence: (row) =>
      row.sentence
        ? group(
            make("span", "effect effect-" + side(row.upward), `${row.change_text} points`),
            " ",
            make("span", "which", `sentence ${row.number}`),
            ...(row.mark ? [" ", make("span", "mark", row.mark)] : []),
            " ",
            link(row.sentence_href, row.sentence),
          )
        : group(),
  };
  const { orders, models, OTHER } = sitegen.papers;
  const order = {
    picture: orders.near[0],
    title: orders["title-asc"][0],
    verdict: orders["probability-desc"][0],
    label: (row) => row.label,
    step: orders.drama[0],
    sentence: orders["change-desc"][0],
  };
  /* DataTables would find the type of a column, and what to search in it, by asking for every cell. */
  const COLUMN = { data: null, searchable: false };
  function column(name) {
    if (name.startsWith("other")) {
      const k = Number(name.slice(5));
      return { ...COLUMN, type: "num", className: "other", render: (row, type) => (type === "display" ? cells.other(row, k) : row.others[k] ? row.others[k][OTHER.probability] : -1) };
    }
    if (name.startsWith("facet")) {
      const text = (row) => row.facets[Number(name.slice(5))].join("; "); // a paper may have several values of one
      return { ...COLUMN, type: "string", className: "facet", render: (row, type) => (type === "display" ? document.createTextNode(text(row)) : fold(text(row))) };
    }
    return {
      ...COLUMN,
      type: name === "title" || name === "label" ? "string" : "num",
      className: name,
      render: (row, type) => (type === "display" ? cells[name](row) : type === "sort" || type === "type" ? order[name](row) : ""),
    };
  }

  sitegen.cells = (names) => names.map(column);
  sitegen.mark = function (row, element, terms, text) {
    mark(element.querySelector("td.title a"), row.title, terms);
    const sentence = element.querySelector("td.sentence a");
    if (sentence) mark(sentence, row.sentence, terms);
    element.querySelector(".found-in")?.remove();
    const unseen = terms.filter((term) => !finds([term], fold(`${row.title} ${sentence ? row.sentence : ""}`)));
    const words = unseen.length ? around(text, unseen) : "";
    if (!words) return;
    const found = make("p", "found-in");
    mark(found, words, terms);
    element.querySelector("td.title").append(found);
  };
})();
