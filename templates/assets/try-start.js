/* Where a text that a reader changes comes from, and where it is kept: a record of the site, and the page's address.

   sitegen.typed.address.read()        { text, by, of } as the address after # has them, or null where it has none of
                                       them. text: { record } or { title, abstract }, or null; by: which model answers,
                                       or which two ("both KEY"); of: by which of the two the picture is, "" the first
   sitegen.typed.address.write(state)  put { record } or { title, abstract }, with by and of, there; what is empty is
                                       left out. What stands behind # is never sent anywhere
   sitegen.typed.records(settings)     promises the site's records: [{ name, shown, title, abstract }], with their texts,
                                       from the scripts that the gallery has as well */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const typed = (sitegen.typed = sitegen.typed || {});

  typed.address = {
    read() {
      const state = new URLSearchParams(location.hash.slice(1));
      const value = (name) => state.get(name) || "";
      const typed = state.has("title") || state.has("abstract");
      const text = value("record") ? { record: value("record") } : typed ? { title: value("title"), abstract: value("abstract") } : null;
      const [by, of] = [value("by"), value("of")];
      return text || by ? { text, by, of } : null;
    },
    write(state) {
      const named = Object.entries(state).filter(([, value]) => value);
      const text = new URLSearchParams(named).toString();
      try {
        history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
      } catch {
        // Some browsers allow so many changes a minute; the next pause in writing puts the text there.
      }
    },
  };

  let loaded = null;
  typed.records = function (settings) {
    loaded ??= Promise.all([sitegen.load(settings.rows), sitegen.load(settings.texts)]).then(() => {
      const { fields, values } = sitegen.rows;
      const [href, title] = ["href", "title"].map((name) => fields.indexOf(name));
      const [before, after] = settings.record;
      return values.map((row, k) => {
        const [abstract, , own] = sitegen.texts[k];
        const name = decodeURIComponent(row[href].slice(before.length, -after.length));
        return { name, shown: row[title], title: settings.titled ? (own ?? row[title]) : "", abstract };
      });
    });
    return loaded;
  };
})();
