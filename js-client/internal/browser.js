/** What the connection needs of its environment, and how long it waits. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Durations in milliseconds. API Gateway's limits behind them: 10 minutes idle, 2 hours in all. */
export const DEFAULT_TIMING = Object.freeze({
  /** A handshake that takes longer has failed. It includes `$connect`, and so a Java cold start. So has a request. */
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
  /** A page that has received no count asks for it, this long after its connection opened or up to twice as long. */
  askAfterMs: 10 * SECOND,
  /** The shortest wait between two requests to `countUrl`; the longest is twice as long. Doubled at each failure. */
  pollEveryMs: 30 * SECOND,
  /** Age at which a connection is replaced, before the server ends it, */
  rotateAfterMs: 100 * MINUTE,
  /** plus a random part of this, so that pages opened together do not reconnect together. */
  rotateSpreadMs: 15 * MINUTE,
  /** How long a hidden tab keeps its connection. */
  hiddenGraceMs: 5 * MINUTE,
  /** Minimum age of a connection from which a lower version is accepted; see `NewestCount`. */
  restartAfterMs: 15 * MINUTE,
});

/**
 * What tests replace.
 *
 * @typedef {object} Browser
 * @property {(url: string) => WebSocket} openSocket
 * @property {(url: string, signal: AbortSignal) => Promise<unknown>} readJson rejects for every status but 200 to 299
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
export function thisBrowser() {
  return {
    openSocket: (url) => new WebSocket(url),
    readJson,
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

/**
 * @param {string} url
 * @param {AbortSignal} signal
 */
async function readJson(url, signal) {
  const response = await fetch(url, { signal, credentials: "omit" });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}
