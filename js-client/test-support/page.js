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
      sockets.push(this);
    }
    send() {}
    close() {
      this.closed = true;
    }
    receive(live, version) {
      this.onopen?.();
      this.onmessage?.({
        data: JSON.stringify({ type: "visitor-count", counter: "site", live, total: 100, version }),
      });
    }
  };
  return {
    window,
    document: window.document,
    sockets,
    problems,
    load: () => window.eval(MINIFIED),
    /** Lets the element's pending update run. */
    settle: () => new Promise((resolve) => setTimeout(resolve)),
    figures: () => window.document.querySelector("visitor-counter").shadowRoot.querySelector(".figures").textContent,
    close: () => window.close(),
  };
}
