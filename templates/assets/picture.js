/* The figure of a record as a picture to take away: what the page shows, complete in itself, with title, legend, labels
   and source.

   sitegen.picture(shown, about, model) is its Vega-Lite specification with all its data and colours. shown: { record, strips,
   columns, size, mode, sizes, out, description } as the page has them (heatmap.js); about: the page's data of that name
   (record.js); model: the model's name. Colours are always the light ones, on white, whatever the page's are: a picture is printed and mailed.

   sitegen.drawn(spec) promises the picture as Vega's view, which gives its SVG and its canvas. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const { percent } = sitegen.numbers;
  const LINES = 3; // of a title, at most
  const ROOM = 60; // pixels at the right of the plot, for words on the curve

  /* A text in lines no wider than `width` pixels; the last one ends in "…" where there are more than LINES. */
  function wrapped(text, width, font) {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = font;
    const lines = [];
    for (const word of text.split(/\s+/).filter(Boolean)) {
      const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
      if (lines.length && pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines.length > LINES ? [...lines.slice(0, LINES - 1), `${lines[LINES - 1]} …`] : lines;
  }

  function subtitle({ record, out }, about, model) {
    const [predicted, label] = [Number(record.whole >= record.threshold), about.label];
    const named = label === null ? "" : `, labelled “${record.classes[label]}”`;
    const shares = record.shares ? "its share in points" : "what its absence changes, in points";
    const struck = out ? out.strikes.line(out.state) : "";
    return [
      `${percent(record.whole)} probability of “${record.classes[1]}”: ${model} says “${record.classes[predicted]}”${named}`,
      struck && `${struck}. The bars are of what is left, curve and heatmap of the text as written.`,
      record.sentences.length ? `Below each sentence ${shares}` : "",
    ].filter(Boolean);
  }

  function captions(record, strips) {
    if (!record.abstract.count) return [{ strip: "ruler", text: `(no ${record.called})` }];
    const shares = record.sentences.length ? [{ strip: "shares", text: record.shares ? "share" : "without it" }] : [];
    return [{ strip: "ruler", text: strips.ruler }, ...shares];
  }

  sitegen.picture = function (shown, about, model) {
    const { layout, complete } = sitegen.figure;
    const { record, strips, columns, size, mode, sizes, out, description } = shown;
    const spec = JSON.parse(JSON.stringify(complete));
    const width = size.numbers && mode === "words" ? Math.max(layout.width, size.width) : layout.width;
    const values = { ...strips.scales(columns, sizes), negative: record.classes[0], positive: record.classes[1] };
    for (const param of spec.params) param.value = values[param.name];
    for (const strip of spec.vconcat) strip.width = width;
    spec.vconcat[2].height = layout.row * record.rows;
    const { font } = spec.config;
    const { fontSize, subtitleFontSize } = spec.config.title;
    const lines = subtitle(shown, about, model);
    spec.title = {
      text: wrapped(record.title.text.trim() || document.querySelector(".untitled, .first-words")?.textContent || "(untitled)", layout.width, `bold ${fontSize}px ${font}`),
      subtitle: lines.flatMap((line) => wrapped(line, layout.width, `${subtitleFontSize}px ${font}`)),
    };
    spec.description = description;
    const address = about.address || (/^https?:$/.test(location.protocol) ? location.href.split("#")[0] : "");
    const made = `${about.site} · made with sitegen ${about.version}`;
    spec.datasets = {
      ...strips.datasets(columns, { width, numbers: size.numbers, room: ROOM, sizes, struck: out?.state.sentences }),
      rows: Array.from({ length: record.rows }, (_, t) => ({
        t: t + 0.5,
        word: record.title.count ? record.title.word(t) : record.titled ? "(no title)" : "",
      })),
      captions: captions(record, strips),
      struck: out ? [...out.state.sentences].map((s) => ({ x: record.sentences[s].first, x2: record.sentences[s].end })) : [],
      source: [{ text: address ? [made, address] : made }],
    };
    return spec;
  };

  sitegen.drawn = async function (spec) {
    const options = { mode: "vega-lite", ast: true, renderer: "svg", actions: false, tooltip: false };
    return (await window.vegaEmbed(document.createElement("div"), spec, options)).view;
  };
})();
