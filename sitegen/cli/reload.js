/* In the pages of `sitegen serve --watch` alone: loads a page again once its site is written anew, and shows over it
   what is wrong with the next one. It is no file of a site. */
"use strict";

(() => {
  const mine = document.currentScript.dataset.token;
  let panel = null;

  function show(error) {
    if (!error) {
      panel?.remove();
      panel = null;
      return;
    }
    if (!panel) {
      panel = document.createElement("div");
      panel.id = "sitegen-error";
      panel.setAttribute("role", "alert");
      panel.style.cssText =
        "position:fixed;inset:auto 0 0;z-index:99999;max-height:60vh;overflow:auto;margin:0;padding:1rem 1.5rem;" +
        "background:#1d2129;color:#f4f2ee;border-top:6px solid #e35d6f;font:14px/1.5 ui-monospace,Consolas,monospace;" +
        "white-space:pre-wrap;overflow-wrap:anywhere";
      document.body.append(panel);
    }
    const text = `The site could not be written; this is the last one that was.\n\n${error}`;
    if (panel.textContent !== text) panel.textContent = text;
  }

  async function look() {
    let pause = 500;
    try {
      const { token, error } = await (await fetch("/.sitegen/state", { cache: "no-store" })).json();
      if (token !== mine) {
        location.reload();
        return;
      }
      show(error);
    } catch {
      pause = 2000; // the server is stopped; it may be started again
    }
    setTimeout(look, pause);
  }

  look();
})();
