/* What a browser does by itself a moment later, it does a good moment later: a page that was told of a click at once is
   told of its fold, its size, its address, a file or an answer of its worker only then. A test that reads such a page
   before it has changed passes on a quick machine nearly always; with this it fails always. */
(function () {
  "use strict";
  const MOMENT = 80; // milliseconds
  const LATE = ["toggle", "hashchange", "popstate", "scroll", "resize", "message", "animationend", "transitionend", "selectionchange"];
  const soon = window.setTimeout.bind(window);
  const later = (tell) => tell && function (...all) { soon(() => tell.apply(this, all), MOMENT); };

  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const given = new WeakMap();
  function told(target, type, tell) {
    const loads = type === "load" && target instanceof HTMLElement;
    if (typeof tell !== "function" || !(loads || LATE.includes(type))) return tell;
    if (!given.has(tell)) given.set(tell, later(tell));
    return given.get(tell);
  }
  EventTarget.prototype.addEventListener = function (type, tell, options) {
    return addEventListener.call(this, type, told(this, type, tell), options);
  };
  EventTarget.prototype.removeEventListener = function (type, tell, options) {
    return removeEventListener.call(this, type, told(this, type, tell), options);
  };

  function handler(prototype, name, owner = prototype) {
    const { get, set } = Object.getOwnPropertyDescriptor(owner, name);
    Object.defineProperty(prototype, name, { configurable: true, get, set(tell) { set.call(this, later(tell)); } });
  }
  handler(Worker.prototype, "onmessage");
  for (const one of [HTMLScriptElement, HTMLImageElement, HTMLLinkElement]) handler(one.prototype, "onload", HTMLElement.prototype);

  for (const name of ["IntersectionObserver", "MutationObserver", "ResizeObserver"]) {
    const Observer = window[name];
    window[name] = class extends Observer {
      constructor(tell, options) {
        super(later(tell), options);
      }
    };
  }
  const { requestAnimationFrame, requestIdleCallback } = window;
  window.setTimeout = (act, time = 0, ...all) => soon(act, time + MOMENT, ...all);
  window.requestAnimationFrame = (draw) => requestAnimationFrame(() => soon(() => draw(performance.now()), MOMENT));
  window.requestIdleCallback = (act, options) => requestIdleCallback(() => soon(() => requestIdleCallback(act), MOMENT), options);
  const { toBlob } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.toBlob = function (take, ...all) {
    return toBlob.call(this, later(take), ...all);
  };
})();
