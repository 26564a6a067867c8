/** How a page stays connected to its counter. */

import { connectUrl, pageVisit } from "./address.js";
import { DEFAULT_TIMING, thisBrowser } from "./browser.js";
import { Connection } from "./connection.js";
import { countOf, parseFrame, ShownCounter } from "./counts.js";
import { Poll } from "./poll.js";

/** Failed handshakes in a row after which the console gets one line. */
const REJECTIONS_BEFORE_WARNING = 6;
/** Failed connections in a row, none of which held for a minute, after which the count is read over HTTP. */
const FAILURES_BEFORE_POLLING = 3;
/** How often one connection asks for a count. A connect that is not counted causes no broadcast. */
const ASKS = { counted: 1, watching: 3 };

/** @typedef {import("./browser.js").Browser} Browser */
/** @typedef {import("../visitor-counter-socket.js").VisitorCounter} Api */
/** @typedef {import("../visitor-counter-socket.js").VisitorCounterOptions & {browser?: Browser}} Options */

/**
 * Full jitter: a random wait between zero and a ceiling that doubles at each failure. Pages that lost the server in the
 * same second reconnect spread over the whole interval.
 *
 * @param {number} failures number of failures before this one
 * @param {() => number} random
 * @returns {number} milliseconds
 */
export function retryDelay(failures, random, timing = DEFAULT_TIMING) {
  return random() * Math.min(timing.retryCapMs, timing.retryBaseMs * 2 ** failures);
}

/**
 * Keeps one page connected to one counter. Made by `createVisitorCounter`, connects at once.
 *
 * @implements {Api}
 */
export class VisitorCounter extends ShownCounter {
  #url;
  #browser;
  #timing;
  #listeners = new AbortController();
  /** Other counters whose counts come over this connection. @type {Set<ShownCounter>} */
  #others = new Set();

  /** @type {Connection | null} the connection in use, open or in its handshake */
  #connection = null;
  /** @type {Connection | null} the one that will replace it */
  #successor = null;
  #failures = 0;
  #rejections = 0;
  /** What the console has its line of. @type {Set<string>} */
  #warned = new Set();
  /** Without connection and timers: the tab was hidden for long, the page was left, or is only prerendered. */
  #released = true;

  #maxAsks;
  #asks = 0;
  /** Names of the counters that this connection has brought no count of. @type {Set<string | undefined>} */
  #missing = new Set();

  /** @type {Poll | null} */
  #poll = null;
  /** The count was read over HTTP after the last socket failed. */
  #polled = false;
  /** @type {any} */
  #retryTimer = null;
  /** @type {any} */
  #clockTimer = null;
  /** Times of the clock at which something is due. */
  #rotateAt = Infinity;
  #releaseAt = Infinity;
  #askAt = Infinity;

  /** @param {Options} options */
  constructor({ url, counter, visit = pageVisit(), visitor, watch, countUrl, timing, browser = thisBrowser() }) {
    const allTiming = { ...DEFAULT_TIMING, ...timing };
    super(counter, allTiming.restartAfterMs);
    this.#url = connectUrl(url, { counter, visit, visitor, watch: watch ? "1" : undefined });
    this.#browser = browser;
    this.#timing = allTiming;
    this.#maxAsks = watch ? ASKS.watching : ASKS.counted;
    if (countUrl) {
      this.#poll = new Poll(
        browser,
        allTiming,
        (signal) => this.#readCounts(countUrl, signal),
        (error) => this.#onPolled(countUrl, error),
      );
    }
    this.#watchPage();
    this.#resume();
  }

  close() {
    this.#listeners.abort();
    this.setState("stopped");
    this.#release();
  }

  /**
   * Passes on the counts of another counter that come over this connection.
   *
   * @param {ShownCounter} other
   */
  addCounter(other) {
    this.#others.add(other);
    if (!this.#connection?.isOpen || other.count) return;
    this.#missing.add(other.counterName);
    this.#asks ||= 1;
    this.#ask();
  }

  /** @param {ShownCounter} other */
  removeCounter(other) {
    this.#others.delete(other);
    if (other.counterName !== this.counterName) this.#missing.delete(other.counterName);
  }

  /** @returns {ShownCounter[]} */
  get #counters() {
    return [this, ...this.#others];
  }

  get #counterNames() {
    return new Set(this.#counters.map(({ counterName }) => counterName));
  }

  #watchPage() {
    const { document, window } = this.#browser;
    const { signal } = this.#listeners;
    /** @type {(target: EventTarget | undefined, types: string, listener: () => void) => void} */
    const on = (target, types, listener) => {
      for (const type of types.split(" ")) target?.addEventListener?.(type, listener, { signal });
    };
    const follow = () => (this.#isHidden() ? this.#releaseLater() : this.#resume());
    // Some versions of Chrome fire only resume for a visible tab that was frozen.
    on(document, "visibilitychange resume", follow);
    on(window, "pageshow", follow);
    // A window that was covered, or is on another screen, was not hidden.
    on(window, "focus", () => this.#connection && follow());
    on(document, "prerenderingchange", () => this.#resume());
    // No timer that could release the connection later runs in a frozen tab, and a page with an open WebSocket is kept
    // out of the back/forward cache.
    on(document, "freeze", () => this.#release());
    on(window, "pagehide", () => this.#release());
    on(window, "online offline", () => this.#checkNow());
  }

  #isHidden() {
    return this.#browser.document?.visibilityState === "hidden";
  }

  /** The machine slept or the network changed: the connection may be dead without a close. */
  #checkNow() {
    if (this.#released) return;
    if (this.#connection?.isOpen) {
      this.#connection.ping();
      this.setState("checking");
    } else if (this.#browser.isOnline()) {
      // A handshake that began on the previous network may never end.
      this.#connection?.close();
      this.#connect();
      this.#pollIfNeeded();
    } else {
      this.#poll?.stop();
      this.#polled = false;
      this.setState("offline");
    }
  }

  #releaseLater() {
    this.#poll?.stop();
    if (this.#released) return;
    this.#releaseAt = this.#browser.now() + this.#timing.hiddenGraceMs;
    this.#watchClock();
  }

  /** Closes the connection and stops every timer, until {@link #resume}. */
  #release() {
    this.#released = true;
    this.#polled = false;
    this.#poll?.stop();
    this.#browser.clearTimer(this.#retryTimer);
    this.#browser.clearTimer(this.#clockTimer);
    this.#connection?.close();
    this.#successor?.close();
    this.#connection = this.#successor = null;
    this.#rotateAt = this.#releaseAt = this.#askAt = Infinity;
    if (["live", "checking", "polling"].includes(this.state)) this.setState("reconnecting");
  }

  /** The page is looked at, or begins. */
  #resume() {
    // A prerendered page has no visitor yet, and may never have one.
    if (this.#browser.document?.prerendering) return;
    this.#released = false;
    this.#releaseAt = Infinity;
    if (!this.#connection) this.#connect();
    else if (this.#connection.isOpen && this.#connection.silenceMs >= this.#timing.checkAfterMs) this.#checkNow();
    this.#pollIfNeeded();
    if (this.#isHidden()) this.#releaseLater();
    else this.#watchClock();
  }

  /**
   * Sets a timer for what is due next. What is due is decided by the clock; after a sleep the timer itself is late, and
   * that it is late shows the sleep.
   */
  #watchClock() {
    const { now, setTimer, clearTimer } = this.#browser;
    const pingIn = this.#connection?.pingInMs ?? Infinity;
    const dueAt = Math.min(this.#rotateAt, this.#releaseAt, this.#askAt);
    const dueIn = Math.min(dueAt - now(), pingIn, this.#timing.clockCheckMs);
    const expectedAt = now() + dueIn;
    clearTimer(this.#clockTimer);
    this.#clockTimer = setTimer(() => this.#onClock(now() - expectedAt), dueIn);
  }

  /** @param {number} lateMs negative if the clock was set back */
  #onClock(lateMs) {
    const now = this.#browser.now();
    if (now >= this.#releaseAt) return this.#release();
    if (Math.abs(lateMs) >= this.#timing.clockCheckMs) this.#checkNow();
    if (this.#connection && this.#connection.pingInMs <= 0) this.#connection.ping();
    if (now >= this.#askAt) this.#ask();
    if (now >= this.#rotateAt) {
      this.#rotateAt = Infinity;
      this.#successor = this.#newConnection();
    }
    this.#watchClock();
  }

  #connect() {
    this.#browser.clearTimer(this.#retryTimer);
    this.#connection = this.#newConnection();
  }

  #newConnection() {
    return new Connection(this.#url, this.#browser, this.#timing, {
      onOpen: (connection) => this.#onOpen(connection),
      onMessage: (connection, data) => this.#onMessage(connection, data),
      onEnd: (connection) => this.#onEnd(connection),
      onError: (error) => this.#warnOnce("socket", `cannot connect to ${this.#url}, retrying: ${error}`),
    });
  }

  /** @param {Connection} connection */
  #onOpen(connection) {
    this.#rejections = 0;
    this.#polled = false;
    this.#poll?.stop();
    if (connection === this.#successor) {
      this.#connection?.close();
      this.#connection = connection;
      this.#successor = null;
    }
    const { rotateAfterMs, rotateSpreadMs } = this.#timing;
    this.#rotateIn(rotateAfterMs + this.#browser.random() * rotateSpreadMs);
    this.#missing = this.#counterNames;
    this.#asks = this.#maxAsks;
    // A connect that is not counted changes nothing, and so no broadcast follows it.
    if (this.#maxAsks === ASKS.watching) this.#ask();
    else this.#askLater();
    this.setState("live");
  }

  /** Asks for the counts that this connection has not brought, or says that none came. */
  #ask() {
    this.#askAt = Infinity;
    if (this.#missing.size === 0) return;
    if (this.#asks === 0) return this.#warnOfMissing();
    this.#asks--;
    for (const name of this.#missing) {
      this.#connection?.sendAction("count", name === this.counterName ? undefined : name);
    }
    this.#askLater();
  }

  /** At a random time, so that pages opened together do not ask together. */
  #askLater() {
    this.#askAt = this.#browser.now() + this.#timing.askAfterMs * (1 + this.#browser.random());
    this.#watchClock();
  }

  /**
   * @param {Connection} connection
   * @param {unknown} data
   */
  #onMessage(connection, data) {
    if (this.state === "checking") this.setState("live");
    this.#deliver((name) => parseFrame(data, name), connection.number, connection.ageMs);
  }

  /**
   * @param {(counter: string | undefined) => import("./counts.js").Count | null} read
   * @param {number} connection
   * @param {number} ageMs
   */
  #deliver(read, connection, ageMs) {
    for (const each of this.#counters) {
      const count = read(each.counterName);
      if (!count) continue;
      this.#missing.delete(each.counterName);
      each.accept(count, connection, ageMs);
    }
  }

  /** @param {Connection} connection */
  #onEnd(connection) {
    if (!connection.isOpen) this.#countRejection();
    if (connection === this.#successor) {
      this.#successor = null;
      this.#rotateIn(this.#nextRetryDelay());
      return;
    }
    if (connection.ageMs >= this.#timing.stableAfterMs) this.#failures = 0;
    this.#rotateAt = this.#askAt = Infinity;
    this.#connection = this.#successor;
    this.#successor = null;
    if (!this.#connection) {
      this.#retryTimer = this.#browser.setTimer(() => this.#connect(), this.#nextRetryDelay());
    }
    this.#pollIfNeeded();
    this.#showUnconnected();
  }

  /** @param {boolean} polled */
  #showPolled(polled) {
    this.#polled = polled;
    this.#showUnconnected();
  }

  #showUnconnected() {
    if (this.#polled) this.setState("polling");
    else this.setState(this.#browser.isOnline() ? "reconnecting" : "offline");
  }

  #pollIfNeeded() {
    const failed = this.#failures >= FAILURES_BEFORE_POLLING && !this.#connection?.isOpen;
    if (failed && !this.#isHidden() && this.#browser.isOnline()) this.#poll?.start();
  }

  /**
   * @param {string} countUrl
   * @param {AbortSignal} signal
   */
  async #readCounts(countUrl, signal) {
    const read = async (/** @type {string | undefined} */ name) => {
      const address = new URL(countUrl, globalThis.location?.href);
      if (name !== undefined) address.searchParams.set("counter", name);
      const answer = await this.#browser.readJson(address.href, signal);
      signal.throwIfAborted();
      if (!countOf(answer, name)) throw new Error("the answer has no valid count of this counter");
      // First the state, so that no listener takes the new count for an old one.
      this.#showPolled(true);
      // Only a socket can show that a counter started again.
      this.#deliver((each) => countOf(answer, each), 0, 0);
    };
    await Promise.all([...this.#counterNames].map(read));
  }

  /**
   * @param {string} countUrl
   * @param {unknown} error undefined for a count
   */
  #onPolled(countUrl, error) {
    this.#showPolled(error === undefined);
    if (!this.#polled) this.#warnOnce("poll", `no count from ${countUrl}, asking less and less often: ${error}`);
  }

  #nextRetryDelay() {
    return retryDelay(this.#failures++, this.#browser.random, this.#timing);
  }

  /**
   * Opens the next connection first and then closes this one, so that the page is never without.
   *
   * @param {number} ms
   */
  #rotateIn(ms) {
    this.#rotateAt = this.#browser.now() + ms;
    this.#watchClock();
  }

  #countRejection() {
    if (++this.#rejections !== REJECTIONS_BEFORE_WARNING) return;
    this.#browser.warn(
      `visitor-counter: ${new URL(this.#url).host} rejected ${this.#rejections} connections in a row; retrying less and ` +
        "less often. Check the url, the server's allowed origins, counters and watchers, and connect-src of the page's CSP.",
    );
  }

  #warnOfMissing() {
    const names = [...this.#missing].map((name) => name ?? "the default counter");
    const host = new URL(this.#url).host;
    this.#warnOnce(
      "missing",
      `no count of ${names} came from ${host}. Check its broadcasts and VISITOR_COUNTER_SITE_COUNTER.`,
    );
  }

  /**
   * @param {"socket" | "missing" | "poll"} reason
   * @param {string} text
   */
  #warnOnce(reason, text) {
    if (this.#warned.has(reason)) return;
    this.#warned.add(reason);
    this.#browser.warn(`visitor-counter: ${text}`);
  }
}
