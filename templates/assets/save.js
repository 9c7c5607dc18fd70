/* The menu "Save" of a figure: its picture, its specification, its numbers, and a link to what is shown.

   sitegen.saveMenu(root, { about, shown, linked }) makes the menu of the figure `root` (partials/heatmap.html) work.
   about: the page's data of that name (record.js). shown(): promises what the figure shows (picture.js). linked: whether
   the address of the page has the figure's view, so that a link can be copied.

   Files are made when they are asked for, of what the page has, and are named by what they are:
   sociology-07-reading-of-demo-model-without-2-5.png is that model's reading of the record of that page, without two
   sentences. */
(function () {
  "use strict";
  const sitegen = (window.sitegen = window.sitegen || {});

  const ascii = (text) =>
    text
      .normalize("NFKD")
      .replace(/[\u0300-\u036f]/g, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .slice(0, 40)
      .replace(/^-+|-+$/g, "") || "model";

  const text = (value, type) => new Blob([value], { type });
  const json = (value) => text(value, "application/json");
  const canvasOf = async (spec) => (await sitegen.drawn(spec)).toCanvas(2);

  /* What can be saved: what it is in the file's name, and the file itself. */
  const FILES = {
    png: {
      what: "reading",
      ending: "png",
      make: async (...given) => {
        const canvas = await canvasOf(sitegen.picture(...given));
        return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
      },
    },
    svg: {
      what: "reading",
      ending: "svg",
      make: async (...given) => text(await (await sitegen.drawn(sitegen.picture(...given))).toSVG(), "image/svg+xml"),
    },
    spec: { what: "reading", ending: "vl.json", make: (...given) => json(`${JSON.stringify(sitegen.picture(...given))}\n`) },
    record: { what: "numbers", ending: "json", make: (...given) => json(sitegen.recordFile(...given)) },
  };

  sitegen.saveMenu = function (root, { about, shown, linked }) {
    const button = root.querySelector('[data-part="save"]');
    const menu = root.querySelector(".heatmap-save");
    const field = menu.querySelector("input");
    const say = (line) => (menu.querySelector('[role="status"]').textContent = line);

    function open(on) {
      menu.hidden = !on;
      button.setAttribute("aria-expanded", String(on));
      field.hidden = true;
      say("");
    }

    function nameOf({ what, ending }, { out }) {
      const struck = out ? out.strikes.toText(out.state).replace("t", "title").replaceAll(",", "-") : "";
      return `${about.name}-${what}-of-${ascii(root.dataset.model)}${struck && `-without-${struck}`}.${ending}`;
    }

    async function save(kind) {
      const now = await shown();
      const name = nameOf(kind, now);
      const blob = await kind.make(now, about, root.dataset.model);
      if (!blob) throw new Error("the picture is too large for this browser");
      sitegen.download(blob, name);
      say(`Saved as ${name}`);
    }

    /* Where the browser refuses it, the reader copies the link from a field. */
    async function copyLink() {
      field.hidden = await sitegen.copied(location.href);
      if (!field.hidden) {
        field.value = location.href;
        field.select();
        return say("Copy the link from the field.");
      }
      say("Link copied: it opens the figure as it is now, with what is taken out.");
    }

    button.addEventListener("click", () => open(menu.hidden));
    menu.querySelector('[data-save="link"]').hidden = !linked;
    menu.addEventListener("click", async (event) => {
      const chosen = event.target.closest("[data-save]");
      if (!chosen) return;
      if (chosen.dataset.save === "link") return copyLink();
      try {
        await save(FILES[chosen.dataset.save]);
      } catch (error) {
        say(`This could not be saved: ${error.message}.`);
      }
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      open(false);
      button.focus();
    });
  };
})();
