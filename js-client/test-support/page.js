/** A page in jsdom: a DOM without matchMedia, animations and constructed style sheets. Its sockets are the test's. */

import { readFileSync } from "node:fs";
import { requireTool } from "./tools.js";

const MINIFIED = readFileSync(new URL("../visitor-counter.min.js", import.meta.url), "utf8");

/** @param {string} [html] the body's content */
export function openPage(html = "") {
  const { JSDOM, VirtualConsole } = requireTool("jsdom");
  const problems = [];
  const virtualConsole = new VirtualConsole();
  for (const type of ["jsdomError", "error", "warn"])
    virtualConsole.on(type, (...texts) => problems.push(texts.join(" ")));
  const dom = new JSDOM(`<!doctype html><html lang="en"><body>${html}</body></html>`, {
    url: "https://example.org/",
    runScripts: "outside-only",
    pretendToBeVisual: true,
    virtualConsole,
  });
  const { window } = dom;
  const sockets = [];
  window.WebSocket = class {
    constructor(url) {
      this.url = new URL(url);
      this.closed = false;
      this.sent = [];
      sockets.push(this);
    }
    send(text) {
      this.sent.push(text);
    }
    close() {
      this.closed = true;
    }
    accept() {
      this.onopen?.();
    }
    /** The first count of a connection opens it. */
    receive(live, version, total = 100, counter = "site") {
      if (this.opened !== true) this.accept();
      this.opened = true;
      this.onmessage?.({ data: JSON.stringify({ type: "visitor-count", counter, live, total, version }) });
    }
    /** The server rejects the handshake, or the connection ends. */
    drop() {
      this.onclose?.();
    }
  };
  const inside = (selector, name) => window.document.querySelector(selector).shadowRoot.querySelector(name);
  return {
    window,
    document: window.document,
    sockets,
    problems,
    load: () => window.eval(MINIFIED),
    /** Lets the element's pending update run. */
    settle: () => new Promise((resolve) => setTimeout(resolve)),
    figures: (selector = "visitor-counter") => inside(selector, ".figures").textContent,
    /** What the figures show; nothing while they are hidden. */
    shown: (selector = "visitor-counter") =>
      [".live", ".total"]
        .map((name) => inside(selector, name))
        .filter((node) => !node.hidden && !node.parentNode.hidden)
        .map((node) => node.textContent.trim())
        .join(", "),
    status: (selector = "visitor-counter") => inside(selector, "[role=status]").textContent,
    close: () => window.close(),
  };
}

/** Timers of the page that run when the test advances them. */
export function controlTimers(window) {
  let now = window.Date.now();
  const timers = new Map();
  let last = 0;
  window.Date.now = () => now;
  window.setTimeout = (action, ms = 0) => {
    timers.set(++last, { action, at: now + ms });
    return last;
  };
  window.clearTimeout = (timer) => timers.delete(timer);
  return {
    get timers() {
      return timers.size;
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = [...timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
        if (!next) break;
        timers.delete(next[0]);
        now = next[1].at;
        next[1].action();
      }
      now = end;
    },
  };
}
