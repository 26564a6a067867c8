/** Elements that show the same counter share one connection: one visitor on one page counts once. */

import { connectUrl } from "./address.js";
import { SITE, SiteCounter } from "./site-counter.js";
import { VisitorCounter } from "./visitor-counter.js";

/** Frameworks remove elements and insert them again: the connection stays open for this long without an element. */
const REMOVAL_GRACE_MS = 2_000;

/** @typedef {import("../visitor-counter-socket.js").VisitorCounterOptions} Options */
/**
 * @template Counter
 * @typedef {{counter: Counter, options: Options, users: number, timer?: any}} Shared
 */

/** Connections, by their options. @type {Map<string, Shared<VisitorCounter>>} */
const connections = new Map();
/** Site counters, by their options. @type {Map<string, Shared<SharedSiteCounter>>} */
const sites = new Map();

/**
 * A counter for one element, until its release.
 *
 * @param {Options} options
 * @param {boolean} isSite whether the counter is the site counter: its counts then come over any connection to the same `url`
 * @throws {TypeError} if the url is not a WebSocket address
 */
export function share(options, isSite) {
  if (isSite) return shareIn(sites, options, () => new SharedSiteCounter(options));
  const shared = shareIn(connections, options, () => new VisitorCounter(options));
  chooseConnections();
  return shared;
}

/**
 * @template {{close(): void}} Counter
 * @param {Map<string, Shared<Counter>>} map
 * @param {Options} options
 * @param {() => Counter} create
 */
function shareIn(map, options, create) {
  const key = JSON.stringify(options);
  const entry = map.get(key) ?? { counter: create(), options, users: 0 };
  map.set(key, entry);
  clearTimeout(entry.timer);
  entry.users++;
  return {
    counter: entry.counter,
    release(graceMs = REMOVAL_GRACE_MS) {
      if (--entry.users > 0) return;
      entry.timer = setTimeout(() => {
        map.delete(key);
        // The site counter connects before the connection that it used is closed.
        chooseConnections();
        entry.counter.close();
      }, graceMs);
    },
  };
}

function chooseConnections() {
  for (const { counter } of sites.values()) counter.chooseConnection();
}

/** Uses the connection of a page's element while there is one, and opens its own otherwise. */
class SharedSiteCounter extends SiteCounter {
  #options;
  /** @type {ReturnType<typeof shareIn<VisitorCounter>> | null} */
  #own = null;
  #mayConnect = false;

  /**
   * @param {Options} options
   * @throws {TypeError} if the url is not a WebSocket address
   */
  constructor(options) {
    super(options.counter ?? SITE);
    // Now, because it may connect in a timer, where nobody could handle an exception.
    connectUrl(options.url, {});
    this.#options = { ...options, counter: this.counterName };
    this.chooseConnection();
    // The page's element may be further down in the document, or be connected in the same task.
    const connect = () => {
      this.#mayConnect = true;
      chooseConnections();
    };
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", connect, { once: true });
    else setTimeout(connect);
  }

  chooseConnection() {
    const { url, watch, counter } = this.#options;
    const ofPages = [...connections.values()].filter(
      ({ options }) => options.url === url && options.watch === watch && options.counter !== counter,
    );
    // Without an element that uses it, the present one is kept until it closes.
    const page = ofPages.find(({ users }) => users > 0) ?? ofPages.find((each) => this.isFollowing(each.counter));
    if (page) {
      this.follow(page.counter);
      this.#own?.release();
      this.#own = null;
    } else if (this.#mayConnect && !this.#own) {
      this.#own = shareIn(connections, this.#options, () => new VisitorCounter(this.#options));
      this.follow(this.#own.counter);
    }
  }

  close() {
    super.close();
    this.#own?.release(0);
  }
}
