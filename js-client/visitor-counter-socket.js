/**
 * The connection of a visitor counter: counts in, events out, no markup. In this order: what a frame means
 * ({@link parseFrame}, {@link NewestCount}), one WebSocket ({@link Connection}), and how a page stays connected
 * ({@link VisitorCounter}). It needs no document: it also runs in workers and in Node 22 or later.
 *
 *     const counter = createVisitorCounter({ url: "wss://example.org/prod" });
 *     counter.addEventListener("count", (event) => show(event.detail.live, event.detail.total));
 *
 * The exports that `visitor-counter-socket.d.ts` does not declare are for the tests only.
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Durations in milliseconds. API Gateway's limits behind them: 10 minutes idle, 2 hours in all. */
export const DEFAULT_TIMING = Object.freeze({
  /** A handshake that takes longer has failed. It includes `$connect`, and so a Java cold start. */
  connectTimeoutMs: 30 * SECOND,
  /** The longest wait before the first retry; doubled at each failure. */
  retryBaseMs: 1 * SECOND,
  /** The highest ceiling of the wait before a retry. */
  retryCapMs: 5 * MINUTE,
  /** After a connection that lasted this long, the wait before a retry starts at the base again. */
  stableAfterMs: 1 * MINUTE,
  /** The clock is read at least this often, because timers do not run while the machine sleeps. */
  clockCheckMs: 20 * SECOND,
  /** A page that is looked at again pings if the connection has been silent for this long. */
  checkAfterMs: 30 * SECOND,
  /** Silence after which a ping keeps the connection from the idle timeout. */
  pingAfterMs: 9 * MINUTE,
  /** A connection that answers a ping with nothing for this long is dead. */
  pingAnswerMs: 5 * SECOND,
  /** Age at which a connection is replaced, before the server ends it, */
  rotateAfterMs: 100 * MINUTE,
  /** plus a random part of this, so that pages opened together do not reconnect together. */
  rotateSpreadMs: 15 * MINUTE,
  /** How long a hidden tab keeps its connection. */
  hiddenGraceMs: 5 * MINUTE,
  /** Minimum age of a connection from which a lower version is accepted; see {@link NewestCount}. */
  restartAfterMs: 15 * MINUTE,
});

/** Failed handshakes in a row after which the console gets one line. */
const REJECTIONS_BEFORE_WARNING = 6;

/**
 * What the connection needs of its environment, and what its tests replace.
 *
 * @typedef {object} Browser
 * @property {(url: string) => WebSocket} openSocket
 * @property {(EventTarget & {visibilityState: string, prerendering?: boolean}) | undefined} document none in workers
 * @property {EventTarget | undefined} window
 * @property {() => boolean} isOnline what the browser believes; sometimes wrong
 * @property {() => number} now milliseconds of the wall clock, which goes on while the machine sleeps
 * @property {() => number} random at least 0, below 1
 * @property {(action: () => void, ms: number) => any} setTimer
 * @property {(timer: any) => void} clearTimer does nothing for null
 * @property {(text: string) => void} warn
 */

/** @returns {Browser} */
function thisBrowser() {
  return {
    openSocket: (url) => new WebSocket(url),
    document: globalThis.document,
    window: globalThis.window ?? globalThis,
    isOnline: () => globalThis.navigator?.onLine !== false,
    now: () => Date.now(),
    random: () => Math.random(),
    setTimer: (action, ms) => setTimeout(action, ms),
    clearTimer: (timer) => clearTimeout(timer),
    warn: (text) => console.warn(text),
  };
}

/** @typedef {import("./visitor-counter-socket.js").VisitorCounterOptions & {browser?: Browser}} Options */
/** @typedef {import("./visitor-counter-socket.js").Count} Count */
/** @typedef {import("./visitor-counter-socket.js").State} State */

/**
 * Reads one frame. Returns null for everything that is not a valid count of this counter: API Gateway's error frames,
 * other types, invalid JSON, binary data, numbers that are negative, fractional or too large to be exact.
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
 * The newest count received, and the rule for what replaces it.
 *
 * A higher version always replaces it. A lower version is nearly always an older broadcast that was overtaken, also on a
 * new connection, because a broadcast that began before the connection opened may still reach it. But a counter whose
 * row was deleted starts again at a lower version, which would otherwise be ignored until it caught up.
 *
 * The two are told apart by the connection. Connecting raises the version, so a connection that was opened after the
 * newest count arrived receives a higher version, unless the counter started again; and no broadcast from before it
 * outlives Lambda's 15 minutes. A lower version is therefore accepted if its connection was opened after the newest
 * count arrived, is older than 15 minutes, and has received nothing newer.
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
   * @param {number} connection number of the connection it came from; later connections have higher numbers
   * @param {number} ageMs how long that connection has been open
   * @returns {boolean} whether it is the newest count now
   */
  accept(count, connection, ageMs) {
    const known = this.count?.version ?? -1;
    const startedAgain = count.version < known && connection > this.#connection && ageMs >= this.#restartAfterMs;
    if (count.version < known && !startedAgain) return false;
    // The same version again, from a later connection, proves that the counter did not start again.
    this.#connection = Math.max(this.#connection, connection);
    if (count.version === known) return false;
    this.count = count;
    return true;
  }
}

/**
 * @typedef {object} ConnectionListener
 * @property {(connection: Connection) => void} onOpen
 * @property {(connection: Connection, data: unknown) => void} onMessage
 * @property {(connection: Connection) => void} onEnd it failed, was closed by the server, or did not answer
 */

/** One WebSocket, from its handshake to its end. Calls its listener no more once its owner has closed it. */
class Connection {
  /** @type {WebSocket | undefined} */
  #socket;
  #browser;
  #timing;
  #listener;
  /** One wait at a time: for the handshake, or for the answer to a ping. @type {any} */
  #timer = null;
  /** @type {number | null} */
  #openedAt = null;
  #receivedAt = 0;

  /**
   * @param {number} number of the connections of this page
   * @param {string} url
   * @param {Browser} browser
   * @param {typeof DEFAULT_TIMING} timing
   * @param {ConnectionListener} listener
   */
  constructor(number, url, browser, timing, listener) {
    this.number = number;
    this.#browser = browser;
    this.#timing = timing;
    this.#listener = listener;
    this.#endIn(timing.connectTimeoutMs);
    try {
      const socket = (this.#socket = browser.openSocket(url));
      socket.onopen = () => this.#opened();
      socket.onmessage = (event) => {
        this.#received();
        listener.onMessage(this, event.data);
      };
      // An error is always followed by a close, which carries no less information.
      socket.onclose = () => this.#end();
    } catch (error) {
      // For instance ws: on a page with TLS, or no WebSocket at all. Retried like any other failure.
      if (number === 1) browser.warn(`visitor-counter: cannot connect to ${url}, retrying: ${error}`);
      this.#endIn(0);
    }
  }

  get isOpen() {
    return this.#openedAt !== null;
  }

  /** How long it has been open, in milliseconds. */
  get ageMs() {
    return this.#openedAt === null ? 0 : this.#browser.now() - this.#openedAt;
  }

  /** How long nothing was received, in milliseconds. */
  get silenceMs() {
    return this.#browser.now() - this.#receivedAt;
  }

  /** How long until the next ping may be due, in milliseconds. None is due while an answer is awaited. */
  get pingInMs() {
    return this.#timing.pingAfterMs - (this.#timer === null ? this.silenceMs : 0);
  }

  /** Requests an answer; any frame is one. Does nothing while one is awaited. */
  ping() {
    if (this.#timer !== null) return;
    this.#socket?.send('{"action":"ping"}');
    this.#endIn(this.#timing.pingAnswerMs);
  }

  close() {
    this.#stopTimer();
    const socket = this.#socket;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(1000);
  }

  #opened() {
    this.#openedAt = this.#browser.now();
    this.#received();
    this.#listener.onOpen(this);
  }

  #received() {
    this.#receivedAt = this.#browser.now();
    this.#stopTimer();
  }

  /** @param {number} ms */
  #endIn(ms) {
    this.#stopTimer();
    this.#timer = this.#browser.setTimer(() => this.#end(), ms);
  }

  #stopTimer() {
    this.#browser.clearTimer(this.#timer);
    this.#timer = null;
  }

  #end() {
    this.close();
    this.#listener.onEnd(this);
  }
}

/**
 * Keeps one page connected to one counter. Made by {@link createVisitorCounter}, connects at once.
 *
 * @implements {import("./visitor-counter-socket.js").VisitorCounter}
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

  /** @type {Connection | null} the connection in use, open or in its handshake */
  #connection = null;
  /** @type {Connection | null} the one that will replace it */
  #successor = null;
  #connections = 0;
  #failures = 0;
  #rejections = 0;
  /** Without connection and timers: the tab was hidden for long, the page was left, or is only prerendered. */
  #released = true;

  /** @type {any} */
  #retryTimer = null;
  /** @type {any} */
  #clockTimer = null;
  /** Times of the clock at which something is due. */
  #rotateAt = Infinity;
  #releaseAt = Infinity;

  /** @param {Options} options */
  constructor({ url, counter, visit = pageVisit(), visitor, timing = {}, browser = thisBrowser() }) {
    super();
    this.#url = connectUrl(url, { counter, visit, visitor });
    this.#counter = counter;
    this.#browser = browser;
    this.#timing = { ...DEFAULT_TIMING, ...timing };
    this.#newest = new NewestCount(this.#timing.restartAfterMs);
    this.#watchPage();
    this.#resume();
  }

  /** @returns {State} */
  get state() {
    return this.#state;
  }

  /** @returns {Count | null} */
  get count() {
    return this.#newest.count;
  }

  close() {
    this.#listeners.abort();
    this.#setState("stopped");
    this.#release();
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
      this.#setState("checking");
    } else if (this.#browser.isOnline()) {
      // A handshake that began on the previous network may never end.
      this.#connection?.close();
      this.#connect();
    } else {
      this.#setState("offline");
    }
  }

  #releaseLater() {
    if (this.#released) return;
    this.#releaseAt = this.#browser.now() + this.#timing.hiddenGraceMs;
    this.#watchClock();
  }

  /** Closes the connection and stops every timer, until {@link #resume}. */
  #release() {
    this.#released = true;
    this.#browser.clearTimer(this.#retryTimer);
    this.#browser.clearTimer(this.#clockTimer);
    this.#connection?.close();
    this.#successor?.close();
    this.#connection = this.#successor = null;
    this.#rotateAt = this.#releaseAt = Infinity;
    if (this.#state === "live" || this.#state === "checking") this.#setState("reconnecting");
  }

  /** The page is looked at, or begins. */
  #resume() {
    // A prerendered page has no visitor yet, and may never have one.
    if (this.#browser.document?.prerendering) return;
    this.#released = false;
    this.#releaseAt = Infinity;
    if (!this.#connection) this.#connect();
    else if (this.#connection.isOpen && this.#connection.silenceMs >= this.#timing.checkAfterMs) this.#checkNow();
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
    const dueIn = Math.min(this.#rotateAt - now(), this.#releaseAt - now(), pingIn, this.#timing.clockCheckMs);
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
    return new Connection(++this.#connections, this.#url, this.#browser, this.#timing, {
      onOpen: (connection) => this.#onOpen(connection),
      onMessage: (connection, data) => this.#onMessage(connection, data),
      onEnd: (connection) => this.#onEnd(connection),
    });
  }

  /** @param {Connection} connection */
  #onOpen(connection) {
    this.#rejections = 0;
    if (connection === this.#successor) {
      this.#connection?.close();
      this.#connection = connection;
      this.#successor = null;
    }
    const { rotateAfterMs, rotateSpreadMs } = this.#timing;
    this.#rotateIn(rotateAfterMs + this.#browser.random() * rotateSpreadMs);
    this.#setState("live");
  }

  /**
   * @param {Connection} connection
   * @param {unknown} data
   */
  #onMessage(connection, data) {
    if (this.#state === "checking") this.#setState("live");
    const count = parseFrame(data, this.#counter);
    if (count && this.#newest.accept(count, connection.number, connection.ageMs)) this.#emit("count", count);
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
    this.#rotateAt = Infinity;
    this.#connection = this.#successor;
    this.#successor = null;
    if (!this.#connection) {
      this.#retryTimer = this.#browser.setTimer(() => this.#connect(), this.#nextRetryDelay());
    }
    this.#setState(this.#browser.isOnline() ? "reconnecting" : "offline");
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
        "less often. Check the url, the server's allowed origins and counters, and connect-src of the page's CSP.",
    );
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

/** Kept in memory only: a reconnect is not a new visit, a reload is. */
function pageVisit() {
  visitOfThisPage ??= randomId();
  return visitOfThisPage;
}

/** Not `randomUUID`, which pages without TLS do not have. */
export function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
