/* The line beside the figure that says what is pointed at: in one place, so that it covers nothing.

   sitegen.readout(record, element, struck, rest) fills `element` (its children data-say="answer", "read", "piece");
   struck() gives what is taken out of the text (strikeout.js), or null; rest: what stands there while nothing is pointed at:
     cell(row, column, before)   the answer at a cell; `column`: a column (strips.js), `before`: the one in front of it
     word(field, i)              a word of the text: what it says alone, and the answer without it
     sentence(s)                 what a sentence says, did, and whether it was needed
     rest()                      nothing is pointed at: what one may do, or what the answer is now
     text()                      all of it as one sentence, for those who hear it

   Built of text nodes alone: whatever words a record has, they stay words. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const { percent, points } = sitegen.numbers;

  const strong = (text) => sitegen.make("b", "", text);

  function changed(change) {
    const text = points(change);
    return /[1-9]/.test(text) ? `${text} points` : "no change";
  }

  sitegen.readout = function (record, element, struck, rest) {
    const slot = (name) => element.querySelector(`[data-say="${name}"]`);

    function say(name, ...parts) {
      if (name === "read" && parts.length) element.dataset.used = ""; // from now on there is room for it (heatmap.css)
      slot(name).replaceChildren(...parts);
    }

    const quoted = (text, i) => (text.withheld(i) ? text.word(i) : `“${text.upTo(i)}”`);

    function read(row, word) {
      if (!record.titled) return `Read: ${record.abstract.count && word >= 0 ? `${record.called} up to ${quoted(record.abstract, word)}` : "nothing"}`;
      const title = record.title.count ? `title up to ${quoted(record.title, row)}` : "no title";
      if (!record.abstract.count) return `Read: ${title}, no abstract`;
      return `Read: ${title}${word < 0 ? ", none of the abstract" : `, abstract up to ${quoted(record.abstract, word)}`}`;
    }

    const now = () => (struck() && struck().changed ? struck() : null);
    const written = () => (now() ? "As written: " : "");

    function sentence(s) {
      if (s === null) return say("piece");
      const { alone, share, without, mark } = record.sentences[s];
      const parts = [`Sentence ${s + 1}: alone it says `, strong(percent(alone)), mark && ` ${mark}`];
      if (now()) return say("piece", ...parts.filter(Boolean), ...ofWhatIsLeft(s, now()));
      if (share !== null) parts.push("; its share ", strong(points(share)), " points");
      say("piece", ...parts.filter(Boolean), "; without it ", strong(percent(without)));
    }

    /* The same where something is out: its share of what is left, and the answer with it back, or without it, too. */
    function ofWhatIsLeft(s, { state, strikes }) {
      const sentences = new Set(state.sentences);
      const back = sentences.delete(s);
      if (!back) sentences.add(s);
      const shares = strikes.shares(state);
      const then = strikes.answer({ title: state.title, sentences });
      return [
        ...(back ? ["; taken out"] : shares ? ["; its share of what is left ", strong(points(shares[s])), " points"] : []),
        ...(then ? [back ? "; with it back " : "; without it, too, ", strong(percent(then.whole))] : []),
      ];
    }

    return {
      cell(row, column, before) {
        const p = record.probability(row, column.word);
        const was = before ? record.probability(row, before.word) : null;
        const since = !before || before.word < 0 ? (record.titled ? "with the title alone" : "before it reads anything") : before.whole ? "with the sentence before" : "with the word before";
        const change = was === null ? "" : ` (${changed(p - was)}, after ${percent(was)} ${since})`;
        say("answer", written(), strong(percent(p)), ` ${record.classes[1]}${change}`);
        say("read", read(row, column.word));
        sentence(column.sentence);
      },
      word(field, i) {
        const text = record[field];
        if (!text.known(i)) {
          say("answer", strong(text.withheld(i) ? text.word(i) : `“${text.word(i)}”`), " is not in the model's vocabulary: it skips the word.");
        } else if (text.withheld(i)) {
          say("answer", strong(text.word(i)), " is not published here, nor what it does by itself.");
        } else if (Number.isNaN(text.alone[i]) && Number.isNaN(text.effects[i])) {
          say("answer", strong(`“${text.word(i)}”`), ": the model was not asked about single words here.");
        } else {
          const asked = !Number.isNaN(text.effects[i]); // while a text is written, that comes later
          const without = asked ? ["; without this word the answer is ", strong(percent(record.without(text.effects[i]))), ` (with it ${percent(record.whole)})`] : [];
          say("answer", written(), strong(`“${text.word(i)}”`), " alone: ", strong(percent(text.alone[i])), ...without);
        }
        say("read", `Word ${i + 1} of the ${field === "abstract" ? record.called : field}`);
        sentence(field === "abstract" ? record.sentenceOf(i) : null);
      },
      sentence(s) {
        const last = record.rows - 1;
        const { first, end } = record.sentences[s];
        const was = record.probability(last, first - 1);
        const p = record.probability(last, end - 1);
        say("answer", written(), strong(percent(p)), ` ${record.classes[1]} after sentence ${s + 1} (${changed(p - was)}, after ${percent(was)} before it)`);
        say("read", read(last, end - 1));
        sentence(s);
      },
      rest() {
        if (now()) say("answer", strong(now().strikes.line(now().state)));
        else say("answer", rest);
        say("read");
        sentence(null);
      },
      text: () => ["answer", "read", "piece"].map((name) => slot(name).textContent).filter(Boolean).join(". "),
    };
  };
})();
