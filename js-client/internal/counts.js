/** What a count is, and which of two is shown. */

import { DEFAULT_TIMING } from "./browser.js";

/** @typedef {import("../visitor-counter-socket.js").Count} Count */
/** @typedef {import("../visitor-counter-socket.js").State} State */

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
  try {
    const frame = JSON.parse(data);
    return frame?.type === "visitor-count" ? countOf(frame, counter) : null;
  } catch {
    return null;
  }
}

/**
 * Reads the fields of a count, of a frame or of the answer of `countUrl`. Ignores all others.
 *
 * @param {any} value
 * @param {string} [counter] the only counter to accept; any, when undefined
 * @returns {Count | null}
 */
export function countOf(value, counter) {
  if (typeof value?.counter !== "string" || (counter ?? value.counter) !== value.counter) return null;
  if (![value.live, value.total, value.version].every(isWholeNumber)) return null;
  return Object.freeze({ counter: value.counter, live: value.live, total: value.total, version: value.version });
}

/** @param {unknown} value */
function isWholeNumber(value) {
  return Number.isSafeInteger(value) && Number(value) >= 0;
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

/** A counter as a page shows it: its newest count, the state of its connection, and an event for each change. */
export class ShownCounter extends EventTarget {
  #newest;
  /** @type {State} */
  #state = "connecting";

  /**
   * @param {string | undefined} counterName undefined for the server's default
   * @param {number} [restartAfterMs]
   */
  constructor(counterName, restartAfterMs) {
    super();
    this.counterName = counterName;
    this.#newest = new NewestCount(restartAfterMs);
  }

  /** @returns {Count | null} */
  get count() {
    return this.#newest.count;
  }

  /** @returns {State} */
  get state() {
    return this.#state;
  }

  /**
   * @param {Count} count
   * @param {number} connection
   * @param {number} ageMs
   */
  accept(count, connection, ageMs) {
    if (this.#newest.accept(count, connection, ageMs)) this.#emit("count", count);
  }

  /** @param {State} state */
  setState(state) {
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
