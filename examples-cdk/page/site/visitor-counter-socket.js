/**
 * The connection of a visitor counter: numbers in, events out, no markup. In this order: what a frame means
 * ({@link parseFrame}, {@link NewestCount}), one socket ({@link Link}), staying connected ({@link VisitorCounter}). One
 * file, because a page that brings its own markup copies just this one, and the browser waits for one less.
 *
 *     const counter = createVisitorCounter({ url: "wss://example.org/prod" });
 *     counter.addEventListener("count", (event) => show(event.detail.live, event.detail.total));
 * */

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** How long things take, in milliseconds. The limits behind them are API Gateway's: 10 minutes idle, 2 hours in all. */
export const DEFAULT_TIMING = Object.freeze({
  /** A handshake that takes longer has failed. It waits for `$connect`, and so for a Java cold start. */
  connectTimeoutMs: 30 * SECOND,
  /** The longest wait before the first retry; doubled at each failure. */
  retryBaseMs: 1 * SECOND,
  /** Where the doubling ends. */
  retryCapMs: 5 * MINUTE,
  /** A connection that held this long was a good one: the next failure starts at the base again. */
  stableAfterMs: 1 * MINUTE,
  /** Silence after which a ping keeps the connection from the idle timeout. */
  pingAfterMs: 9 * MINUTE,
  /** A ping without any answer for this long means that the connection is dead. */
  pingAnswerMs: 10 * SECOND,
  /** Age at which a connection is replaced, before the server ends it, */
  rotateAfterMs: 100 * MINUTE,
  /** plus a random part of this, so that pages opened together do not return together. */
  rotateSpreadMs: 15 * MINUTE,
  /** How long a hidden tab keeps its connection. */
  hiddenGraceMs: 5 * MINUTE,
  /** A lower version than the newest is believed only from a connection at least this old; see {@link NewestCount}. */
  restartAfterMs: 15 * MINUTE,
});

/** Handshakes refused in a row after which the console gets one line. */
const REFUSALS_BEFORE_WARNING = 6;

/**
 * What the connection needs of a browser, and what its tests replace.
 *
 * @typedef {object} Browser
 * @property {(url: string) => WebSocket} openSocket
 * @property {EventTarget & {visibilityState: string, prerendering?: boolean}} document
 * @property {EventTarget} window
 * @property {() => boolean} isOnline what the browser believes; wrong now and then
 * @property {() => number} now milliseconds
 * @property {() => number} random at least 0, below 1
 * @property {(action: () => void, ms: number) => any} setTimer
 * @property {(timer: any) => void} clearTimer of null: nothing
 * @property {(text: string) => void} warn
 */

/** @returns {Browser} */
function thisBrowser() {
  return {
    openSocket: (url) => new WebSocket(url),
    document,
    window,
    isOnline: () => navigator.onLine,
    now: () => Date.now(),
    random: () => Math.random(),
    setTimer: (action, ms) => setTimeout(action, ms),
    clearTimer: (timer) => clearTimeout(timer),
    warn: (text) => console.warn(text),
  };
}

/**
 * @typedef {object} Options
 * @property {string} url the WebSocket API's address, `wss://…/stage`
 * @property {string} [counter] which counter; the server's default one when left out
 * @property {string} [visit] names this visit at every reconnect; a random one for the page when left out
 * @property {string} [visitor] names the visitor in every tab, for servers that count visitors; none when left out
 * @property {Partial<typeof DEFAULT_TIMING>} [timing]
 * @property {Browser} [browser]
 */

/** @typedef {{counter: string, live: number, total: number, version: number}} Count */
/** @typedef {"connecting" | "live" | "reconnecting" | "offline" | "stopped"} State */

/**
 * Reads one frame. Everything that is not a sound count of this counter is foreign and gives null: API Gateway's own
 * error frames, other types, broken JSON, binary data, numbers that are negative, broken or too large to be exact.
 *
 * @param {unknown} data
 * @param {string} [counter] the only counter to accept; any, when undefined
 * @returns {Count | null}
 */
export function parseFrame(data, counter) {
  if (typeof data !== "string") return null;
  let frame;
  try {
    frame = JSON.parse(data);
  } catch {
    return null;
  }
  if (frame?.type !== "visitor-count" || typeof frame.counter !== "string") return null;
  if (counter !== undefined && frame.counter !== counter) return null;
  if (![frame.live, frame.total, frame.version].every(isWholeNumber)) return null;
  return Object.freeze({ counter: frame.counter, live: frame.live, total: frame.total, version: frame.version });
}

/** @param {unknown} value */
function isWholeNumber(value) {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/**
 * Full jitter: anywhere between zero and a ceiling that doubles at each failure. Pages that lost the server in the same
 * second come back spread over the whole interval.
 *
 * @param {number} failures how many came before this one
 * @param {() => number} random
 * @returns {number} milliseconds
 */
export function retryDelay(failures, random, timing = DEFAULT_TIMING) {
  return random() * Math.min(timing.retryCapMs, timing.retryBaseMs * 2 ** failures);
}

/**
 * The newest count seen, and the judge of what may replace it.
 *
 * A version above the newest always may. A lower one is nearly always a straggler: an older broadcast that was
 * overtaken, also on a fresh connection, because a broadcast that began before it may still reach it. But a counter
 * whose row was deleted starts again at version 1, and would otherwise be ignored until it caught up.
 *
 * What tells the two apart: to connect raises the version. So a connection that was opened after the newest count
 * arrived must hear of a higher version, unless the counter started again, and no broadcast from before it outlives
 * Lambda's 15 minutes. A lower version is therefore believed when the connection it comes from was opened after the
 * newest count arrived, is older than that, and has brought nothing as new.
 */
export class NewestCount {
  #restartAfterMs;
  #connection = 0;
  /** @type {Count | null} */
  count = null;

  constructor(restartAfterMs = DEFAULT_TIMING.restartAfterMs) {
    this.#restartAfterMs = restartAfterMs;
  }

  /**
   * @param {Count} count
   * @param {number} connection the number of the connection it came from; later connections have higher ones
   * @param {number} ageMs how long that connection has been open
   * @returns {boolean} whether it is the newest now
   */
  offer(count, connection, ageMs) {
    const known = this.count?.version ?? -1;
    const startedAgain = count.version < known && connection > this.#connection && ageMs >= this.#restartAfterMs;
    if (count.version < known && !startedAgain) return false;
    // The same version again, from a later connection, is proof enough that the counter did not start again.
    this.#connection = Math.max(this.#connection, connection);
    if (count.version === known) return false;
    this.count = count;
    return true;
  }
}

/**
 * Who is told of a link's life.
 *
 * @typedef {object} LinkOwner
 * @property {(link: Link) => void} opened
 * @property {(link: Link, data: unknown) => void} heard
 * @property {(link: Link) => void} ended it failed, was closed by the server, or fell silent
 */

/** One WebSocket, from its handshake to its end. Once closed by its owner it reports nothing more. */
class Link {
  #socket;
  #browser;
  #timing;
  #owner;
  /** @type {any} */
  #timer = null;
  /** @type {number | null} */
  #openedAt = null;
  #heardAt = 0;

  /**
   * @param {number} number how many there were before it on this page
   * @param {string} url
   * @param {Browser} browser
   * @param {typeof DEFAULT_TIMING} timing
   * @param {LinkOwner} owner
   */
  constructor(number, url, browser, timing, owner) {
    this.number = number;
    this.#browser = browser;
    this.#timing = timing;
    this.#owner = owner;
    this.#socket = browser.openSocket(url);
    this.#socket.onopen = () => this.#opened();
    this.#socket.onmessage = (event) => this.#heard(event.data);
    // An error is always followed by a close, and says nothing that the close does not.
    this.#socket.onclose = () => this.#end();
    this.#after(timing.connectTimeoutMs, () => this.#end());
  }

  get isOpen() {
    return this.#openedAt !== null;
  }

  /** How long it has been open, in milliseconds. */
  get ageMs() {
    return this.#openedAt === null ? 0 : this.#browser.now() - this.#openedAt;
  }

  /** Asks for a sign of life. Any frame is one. */
  ping() {
    if (!this.isOpen) return;
    this.#socket.send('{"action":"ping"}');
    this.#after(this.#timing.pingAnswerMs, () => this.#end());
  }

  /** Pings when a ping is overdue: the timer stood still while the machine slept. */
  pingIfSilent() {
    if (this.isOpen && this.#browser.now() - this.#heardAt >= this.#timing.pingAfterMs) this.ping();
  }

  close() {
    this.#browser.clearTimer(this.#timer);
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close(1000);
  }

  #opened() {
    this.#openedAt = this.#browser.now();
    this.#listen();
    this.#owner.opened(this);
  }

  /** @param {unknown} data */
  #heard(data) {
    this.#listen();
    this.#owner.heard(this, data);
  }

  #listen() {
    this.#heardAt = this.#browser.now();
    this.#after(this.#timing.pingAfterMs, () => this.ping());
  }

  #end() {
    this.close();
    this.#owner.ended(this);
  }

  /**
   * It waits for one thing at a time: the handshake, then a frame, then the answer to a ping.
   *
   * @param {number} ms
   * @param {() => void} action
   */
  #after(ms, action) {
    this.#browser.clearTimer(this.#timer);
    this.#timer = this.#browser.setTimer(action, ms);
  }
}

/**
 * Keeps one page connected to one counter. Made by {@link createVisitorCounter}, connects at once.
 *
 * Events: `count` (`detail` is the {@link Count}) when a newer count arrived, `statechange` (`detail` is the
 * {@link State}). The last count stays when the connection is lost.
 */
export class VisitorCounter extends EventTarget {
  #url;
  #counter;
  #browser;
  #timing;
  #newest;
  #listeners = new AbortController();
  /** @type {State} */
  #state = "connecting";

  /** @type {Link | null} the connection in use, open or on its way */
  #link = null;
  /** @type {Link | null} the one that will replace it */
  #successor = null;
  #links = 0;
  #failures = 0;
  #refusals = 0;
  /** Nobody looks: the tab was hidden for long, or the page was left. */
  #released = false;

  /** @type {any} */
  #retryTimer = null;
  /** @type {any} */
  #rotateTimer = null;
  /** @type {any} */
  #hiddenTimer = null;

  /** @param {Options} options */
  constructor({ url, counter, visit = pageVisit(), visitor, timing = {}, browser = thisBrowser() }) {
    super();
    this.#url = connectUrl(url, { counter, visit, visitor });
    this.#counter = counter;
    this.#browser = browser;
    this.#timing = { ...DEFAULT_TIMING, ...timing };
    this.#newest = new NewestCount(this.#timing.restartAfterMs);
    // A page that is drawn ahead has no visitor yet, and may never have one.
    if (browser.document.prerendering) this.#released = true;
    else this.#resume();
    // Last: when the browser refuses the address (ws: on a page with TLS), nothing of this stays behind.
    this.#watchPage();
  }

  /** @returns {State} */
  get state() {
    return this.#state;
  }

  /** @returns {Count | null} the newest count so far */
  get count() {
    return this.#newest.count;
  }

  /** Ends the connection for good. Further calls do nothing. */
  close() {
    this.#listeners.abort();
    this.#setState("stopped");
    this.#release();
  }

  #watchPage() {
    const { document, window } = this.#browser;
    const { signal } = this.#listeners;
    /** @type {(target: EventTarget, type: string, listener: () => void) => void} */
    const on = (target, type, listener) => target.addEventListener(type, listener, { signal });
    on(document, "visibilitychange", () => (this.#isHidden() ? this.#releaseLater() : this.#resume()));
    on(document, "prerenderingchange", () => this.#resume());
    // A frozen tab runs no timer that could let go later.
    on(document, "freeze", () => this.#release());
    // Not every Chrome tells a tab that wakes up in sight that it has become visible.
    on(document, "resume", () => this.#isHidden() || this.#resume());
    // A page with an open WebSocket is kept out of the back/forward cache.
    on(window, "pagehide", () => this.#release());
    on(window, "pageshow", () => this.#resume());
    on(window, "online", () => this.#networkChanged());
    on(window, "offline", () => this.#networkChanged());
  }

  #isHidden() {
    return this.#browser.document.visibilityState === "hidden";
  }

  #networkChanged() {
    if (this.#released) return;
    if (this.#link?.isOpen) {
      this.#link.ping();
    } else if (this.#browser.isOnline()) {
      // A handshake that began on the network of before may hang for long.
      this.#link?.close();
      this.#connect();
    } else {
      this.#setState("offline");
    }
  }

  #releaseLater() {
    if (this.#released) return;
    this.#clear(this.#hiddenTimer);
    this.#hiddenTimer = this.#browser.setTimer(() => this.#release(), this.#timing.hiddenGraceMs);
  }

  /** Lets go of the connection and of every timer, until {@link #resume}. */
  #release() {
    this.#released = true;
    for (const timer of [this.#hiddenTimer, this.#retryTimer, this.#rotateTimer]) this.#clear(timer);
    this.#link?.close();
    this.#successor?.close();
    this.#link = this.#successor = null;
    if (this.#state === "live") this.#setState("reconnecting");
  }

  #resume() {
    this.#released = false;
    this.#clear(this.#hiddenTimer);
    if (this.#link) this.#link.pingIfSilent();
    else this.#connect();
    if (this.#isHidden()) this.#releaseLater();
  }

  #connect() {
    this.#clear(this.#retryTimer);
    this.#link = this.#newLink();
  }

  #newLink() {
    return new Link(++this.#links, this.#url, this.#browser, this.#timing, {
      opened: (link) => this.#opened(link),
      heard: (link, data) => this.#heard(link, data),
      ended: (link) => this.#ended(link),
    });
  }

  /** @param {Link} link */
  #opened(link) {
    this.#refusals = 0;
    if (link === this.#successor) {
      this.#link?.close();
      this.#link = link;
      this.#successor = null;
    }
    const { rotateAfterMs, rotateSpreadMs } = this.#timing;
    this.#rotateIn(rotateAfterMs + this.#browser.random() * rotateSpreadMs);
    this.#setState("live");
  }

  /**
   * @param {Link} link
   * @param {unknown} data
   */
  #heard(link, data) {
    const count = parseFrame(data, this.#counter);
    if (count && this.#newest.offer(count, link.number, link.ageMs)) this.#emit("count", count);
  }

  /** @param {Link} link */
  #ended(link) {
    if (!link.isOpen) this.#countRefusal();
    if (link === this.#successor) {
      this.#successor = null;
      this.#rotateIn(this.#nextRetryDelay());
      return;
    }
    if (link.ageMs >= this.#timing.stableAfterMs) this.#failures = 0;
    this.#clear(this.#rotateTimer);
    this.#link = this.#successor;
    this.#successor = null;
    if (!this.#link) {
      this.#retryTimer = this.#browser.setTimer(() => this.#connect(), this.#nextRetryDelay());
    }
    this.#setState(this.#browser.isOnline() ? "reconnecting" : "offline");
  }

  #nextRetryDelay() {
    return retryDelay(this.#failures++, this.#browser.random, this.#timing);
  }

  /**
   * The new connection first, then the old one closes: the page never goes without.
   *
   * @param {number} ms
   */
  #rotateIn(ms) {
    this.#clear(this.#rotateTimer);
    this.#rotateTimer = this.#browser.setTimer(() => (this.#successor = this.#newLink()), ms);
  }

  #countRefusal() {
    if (++this.#refusals !== REFUSALS_BEFORE_WARNING) return;
    this.#browser.warn(
      `visitor-counter: ${new URL(this.#url).host} refused ${this.#refusals} connections in a row; trying on, less and ` +
        "less often. Check the url, the server's allowed origins and counters, and connect-src of the page's CSP.",
    );
  }

  /** @param {any} timer */
  #clear(timer) {
    this.#browser.clearTimer(timer);
  }

  /** @param {State} state */
  #setState(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.#emit("statechange", state);
  }

  /**
   * @param {"count" | "statechange"} type
   * @param {Count | State} detail
   */
  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/**
 * Connects to a counter and stays connected.
 *
 * @param {Options} options
 * @returns {VisitorCounter}
 * @throws {TypeError} if the url is not a WebSocket address
 */
export function createVisitorCounter(options) {
  return new VisitorCounter(options);
}

/**
 * @param {string} url
 * @param {Record<string, string | undefined>} query
 */
function connectUrl(url, query) {
  const address = parseUrl(url);
  if (address === null || !/^wss?:$/.test(address.protocol)) {
    throw new TypeError(
      `visitor-counter: the url must begin with wss:// (or ws://), for instance wss://example.org/prod; it is "${url}".`,
    );
  }
  for (const [name, value] of Object.entries(query)) if (value !== undefined) address.searchParams.set(name, value);
  address.hash = "";
  return address.href;
}

/** @param {string} url */
function parseUrl(url) {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}

/** @type {string | undefined} */
let visitOfThisPage;

/** In memory only, for as long as the page lives: a reconnect is not a new visit, a reload is. */
function pageVisit() {
  visitOfThisPage ??= randomId();
  return visitOfThisPage;
}

/** Not `randomUUID`, which pages without TLS do not have. */
export function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
