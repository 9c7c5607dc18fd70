/* Where a text that a reader changes comes from, and where it is kept: a record of the site, and the page's address.

   sitegen.typed.address.read()        { record } or { title, abstract } as the address after # has it, or null
   sitegen.typed.address.write(state)  put it there; what stands behind # is never sent anywhere
   sitegen.typed.records(settings)     promises the site's records: [{ name, shown, title, abstract }], with their texts,
                                       from the scripts that the gallery has as well */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});
  const typed = (sitegen.typed = sitegen.typed || {});

  typed.address = {
    read() {
      const state = new URLSearchParams(location.hash.slice(1));
      if (state.get("record")) return { record: state.get("record") };
      if (!state.has("title") && !state.has("abstract")) return null;
      return { title: state.get("title") || "", abstract: state.get("abstract") || "" };
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
