/**
 * Reads the count over HTTP again and again, for pages whose WebSockets fail. Slow, because every request is billed:
 * 30 to 60 s apart, and after failures up to ten minutes.
 */
export class Poll {
  #browser;
  #timing;
  #read;
  #onResult;
  /** For the next request, or the limit of the present one; null while stopped. @type {any} */
  #timer = null;
  /** @type {AbortController | null} the request that is awaited */
  #request = null;
  #failures = 0;
  #dueAt = -Infinity;

  /**
   * @param {import("./browser.js").Browser} browser
   * @param {import("../visitor-counter-socket.js").Timing} timing
   * @param {(signal: AbortSignal) => Promise<unknown>} read
   * @param {(error: unknown) => void} onResult undefined for a count
   */
  constructor(browser, timing, read, onResult) {
    this.#browser = browser;
    this.#timing = timing;
    this.#read = read;
    this.#onResult = onResult;
  }

  /** Reads now, or when the wait after the last request is over. Does nothing when it runs. */
  start() {
    if (this.#timer === null) this.#wait();
  }

  /** Until the next {@link start}. The result of a request under way is not used. */
  stop() {
    this.#browser.clearTimer(this.#timer);
    this.#timer = null;
    this.#request?.abort();
    this.#request = null;
  }

  #wait() {
    const { now, setTimer } = this.#browser;
    this.#timer = setTimer(() => this.#readOnce(), Math.max(0, this.#dueAt - now()));
  }

  async #readOnce() {
    const request = (this.#request = new AbortController());
    this.#timer = this.#browser.setTimer(() => request.abort(), this.#timing.connectTimeoutMs);
    this.#planNext();
    let error;
    try {
      await this.#read(request.signal);
    } catch (failure) {
      error = failure;
    }
    if (request !== this.#request) return;
    this.#browser.clearTimer(this.#timer);
    this.#request = null;
    this.#failures = error === undefined ? 0 : this.#failures + 1;
    this.#planNext();
    this.#wait();
    this.#onResult(error);
  }

  #planNext() {
    const { pollEveryMs, retryCapMs } = this.#timing;
    const wait = Math.min(retryCapMs, pollEveryMs * 2 ** this.#failures);
    this.#dueAt = this.#browser.now() + wait * (1 + this.#browser.random());
  }
}
