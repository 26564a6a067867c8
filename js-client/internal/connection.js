/**
 * @typedef {object} ConnectionListener
 * @property {(connection: Connection) => void} onOpen
 * @property {(connection: Connection, data: unknown) => void} onMessage
 * @property {(connection: Connection) => void} onEnd it failed, was closed by the server, or did not answer
 * @property {(error: unknown) => void} onError the browser made no socket; `onEnd` follows
 */

/** Connections of this page so far, to all counters: the count of the site counter may come from any of them. */
let connections = 0;

/** One WebSocket, from its handshake to its end. Calls its listener no more once its owner has closed it. */
export class Connection {
  number = ++connections;
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
   * @param {string} url
   * @param {import("./browser.js").Browser} browser
   * @param {import("../visitor-counter-socket.js").Timing} timing
   * @param {ConnectionListener} listener
   */
  constructor(url, browser, timing, listener) {
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
      listener.onError(error);
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
    this.sendAction("ping");
    this.#endIn(this.#timing.pingAnswerMs);
  }

  /**
   * @param {"count" | "ping"} action
   * @param {string} [counter] another counter than that of the connection
   */
  sendAction(action, counter) {
    this.#socket?.send(JSON.stringify({ action, counter }));
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
