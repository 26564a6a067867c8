/** Lets everything run that awaits a promise which is settled. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A browser whose clock, randomness, network and tabs the test controls. */
export class FakeBrowser {
  sockets = [];
  /** Requests over HTTP, which the test answers. */
  requests = [];
  warnings = [];
  online = true;
  /** The next random numbers; the last one repeats. */
  draws = [0.5];
  /** Thrown by the next attempts to open a socket, if any. */
  openError = null;
  document = Object.assign(new EventTarget(), { visibilityState: "visible", prerendering: false });
  window = new EventTarget();

  #now = 1_000_000;
  #timers = new Set();

  openSocket = (url) => {
    if (this.openError) throw this.openError;
    const socket = new FakeSocket(url);
    this.sockets.push(socket);
    return socket;
  };
  readJson = (url, signal) =>
    new Promise((resolve, reject) => {
      this.requests.push({ url: new URL(url), signal, answer: resolve, fail: (text) => reject(new Error(text)) });
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  isOnline = () => this.online;
  now = () => this.#now;
  random = () => (this.draws.length > 1 ? this.draws.shift() : this.draws[0]);
  warn = (text) => this.warnings.push(text);
  setTimer = (action, ms) => {
    const timer = { action, at: this.#now + ms };
    this.#timers.add(timer);
    return timer;
  };
  clearTimer = (timer) => this.#timers.delete(timer);

  get timers() {
    return this.#timers.size;
  }

  get lastSocket() {
    return this.sockets.at(-1);
  }

  get lastRequest() {
    return this.requests.at(-1);
  }

  get openSockets() {
    return this.sockets.filter((socket) => socket.state === "open" || socket.state === "connecting");
  }

  /** Advances the clock and runs every timer that falls due, in order. */
  advance(ms) {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#now = next.at;
      this.#timers.delete(next);
      next.action();
    }
    this.#now = end;
  }

  /** Advances the clock but no timer: the machine sleeps. */
  sleep(ms) {
    this.#now += ms;
    for (const timer of this.#timers) timer.at += ms;
  }

  hide() {
    this.document.visibilityState = "hidden";
    this.document.dispatchEvent(new Event("visibilitychange"));
  }

  show() {
    this.document.visibilityState = "visible";
    this.document.dispatchEvent(new Event("visibilitychange"));
  }

  setOnline(online) {
    this.online = online;
    this.window.dispatchEvent(new Event(online ? "online" : "offline"));
  }

  pageEvent(type) {
    this.window.dispatchEvent(new Event(type));
  }
}

class FakeSocket {
  state = "connecting";
  sent = [];
  onopen = null;
  onmessage = null;
  onclose = null;

  constructor(url) {
    this.url = new URL(url);
  }

  send(text) {
    if (this.state === "connecting") throw new Error("InvalidStateError");
    this.sent.push(text);
  }

  /** The page closes it, and receives a close event as for any other close. */
  close(code) {
    if (this.state === "closed") return;
    this.closeCode = code;
    this.state = "closed";
    this.onclose?.({ code });
  }

  /** The server accepts the handshake. */
  accept() {
    this.state = "open";
    this.onopen?.();
    return this;
  }

  /** The server rejects the handshake, or the connection ends. */
  drop(code = 1006) {
    this.state = "closed";
    this.onclose?.({ code });
  }

  receive(data) {
    this.onmessage?.({ data });
  }

  receiveCount(live, version, total = 100, counter = "site") {
    this.receive(JSON.stringify({ type: "visitor-count", counter, live, total, version }));
  }
}
