/**
 * The connection of a visitor counter: counts in, events out, no markup. It needs no document: it also runs in workers
 * and in Node 22 or later.
 *
 *     const counter = createVisitorCounter({ url: "wss://example.org/prod" });
 *     counter.addEventListener("count", (event) => show(event.detail.live, event.detail.total));
 */

import { SITE, SiteCounter } from "./internal/site-counter.js";
import { VisitorCounter } from "./internal/visitor-counter.js";

export { randomId } from "./internal/address.js";
export { DEFAULT_TIMING } from "./internal/browser.js";

/**
 * Connects to a counter and stays connected.
 *
 * @param {import("./internal/visitor-counter.js").Options} options
 * @returns {VisitorCounter}
 * @throws {TypeError} if the url is not a WebSocket address
 */
export function createVisitorCounter(options) {
  return new VisitorCounter(options);
}

/**
 * The site counter on the connection of a page's counter.
 *
 * @param {VisitorCounter} page
 * @param {string} [counter] its name
 */
export function siteCounterOf(page, counter = SITE) {
  const site = new SiteCounter(counter);
  site.follow(page);
  return site;
}
