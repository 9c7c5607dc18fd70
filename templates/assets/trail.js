/* On the page of a paper that a reader came to from a search or a filter of the gallery: the arrows to the paper before
   and the next one lead through what was found, and a line says so.

   The gallery's links have its state in the address, ?among=..., and nothing is kept in the browser. What was found is
   worked out once more, by the gallery's own script, from the site's rows, which are loaded here for these readers only. */
(function () {
  "use strict";
  const sitegen = window.sitegen;
  const { make } = sitegen;
  const among = new URLSearchParams(location.search).get("among");
  const source = document.currentScript?.src;
  if (!among || !source) return;
  const asset = (name) => new URL(name, source).href;
  const site = new URL("../", source).href;

  async function follow() {
    await sitegen.load(asset("index.js"));
    await sitegen.load(asset("gallery-search.js"));
    if (new URLSearchParams(among).has("q")) await sitegen.load(asset("texts.js"));
    await sitegen.load(asset("gallery-found.js"));
    const rows = sitegen.papers.found(sitegen.papers.read(among));
    const here = location.pathname;
    const k = rows.findIndex((row) => new URL(row.href, site).pathname === here);
    if (k < 0) return;
    for (const pager of document.querySelectorAll(".pager")) {
      const compact = pager.classList.contains("compact");
      pager.replaceChildren(...[arrow(rows[k - 1], false, compact), arrow(rows[k + 1], true, compact)].filter(Boolean));
    }
    tell(k + 1, rows.length);
  }

  function arrow(row, forward, compact) {
    if (!row) return null;
    const link = make("a");
    const address = new URL(row.href, site);
    address.searchParams.set("among", among);
    Object.assign(link, { href: address.href, title: row.title });
    const sign = forward ? "→" : "←";
    if (compact) {
      link.textContent = sign;
      link.setAttribute("aria-label", `${forward ? "Next" : "Previous"} ${sitegen.nouns.one} of those found`);
    } else {
      const title = make("span", "", row.title);
      link.rel = forward ? "next" : "prev";
      link.append(...(forward ? [title, " ", sign] : [sign, " ", title]));
    }
    return link;
  }

  function tell(number, total) {
    const { one, many } = sitegen.nouns;
    const back = make("a", "", total === 1 ? "back to it" : "back to them");
    back.href = new URL("index.html#" + among, site).href;
    const leave = make("a", "", `go through all ${many}`);
    leave.href = location.pathname;
    const told =
      total === 1
        ? `The only ${one} that you narrowed the gallery to: `
        : `Number ${number.toLocaleString("en")} of the ${total.toLocaleString("en")} ${many} that you narrowed the gallery to; the arrows go through these: `;
    document.querySelector("article.record")?.prepend(make("p", "trail hint", told, back, ", or ", leave, "."));
    document.documentElement.dataset.trail = "ready";
  }

  follow();
})();
