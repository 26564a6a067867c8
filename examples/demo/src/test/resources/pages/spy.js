/** Watches what a page does with timers and sockets, from before anything else ran. Tests read `window.spy`. */

(() => {
  const realNow = Date.now.bind(Date);
  let hurry = 1;
  let realBase = realNow();
  let clockBase = realBase;
  Date.now = () => clockBase + (realNow() - realBase) * hurry;

  const spy = {
    /** Timers that are set and have not fired. */
    timers: new Set(),
    /** Runs the page's clock this many times as fast, and its waits of 20 s or longer. */
    get hurry() {
      return hurry;
    },
    set hurry(times) {
      [clockBase, realBase] = [Date.now(), realNow()];
      hurry = times;
    },
    /** Every socket of the page: when it was asked for, opened and closed, with which code, in which event by the page; its messages. */
    sockets: [],
    warnings: [],
    /** Errors that nobody caught, and what the content security policy forbade. */
    errors: [],
    /** Whether each `pageshow` came from the back/forward cache. */
    pageshows: [],
  };
  window.spy = spy;

  /** From here on chance is the same in every run (mulberry32). */
  spy.draw = (seed) => {
    Math.random = () => {
      seed = (seed + 0x6d2b79f5) | 0;
      let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  };

  const { setTimeout: set, clearTimeout: clear, WebSocket: Socket } = window;
  window.setTimeout = (action, ms = 0, ...rest) => {
    const timer = set(
      (...args) => {
        spy.timers.delete(timer);
        action(...args);
      },
      ms >= 20_000 ? ms / hurry : ms,
      ...rest,
    );
    spy.timers.add(timer);
    return timer;
  };
  window.clearTimeout = (timer) => {
    spy.timers.delete(timer);
    clear(timer);
  };

  window.WebSocket = class extends Socket {
    constructor(url) {
      super(url);
      const record = {
        url,
        at: performance.now(),
        openedAt: null,
        closedAt: null,
        code: null,
        closedDuring: null,
        messages: 0,
      };
      this.record = record;
      spy.sockets.push(record);
      this.addEventListener("open", () => (record.openedAt = performance.now()));
      this.addEventListener("message", () => record.messages++);
      this.addEventListener("close", ({ code }) => Object.assign(record, { code, closedAt: performance.now() }));
    }

    close(code) {
      this.record.closedDuring = window.event?.type ?? null;
      super.close(code);
    }
  };

  const warn = console.warn;
  console.warn = (...texts) => {
    spy.warnings.push(texts.join(" "));
    warn(...texts);
  };
  addEventListener("error", ({ message }) => spy.errors.push(message));
  addEventListener("unhandledrejection", ({ reason }) => spy.errors.push(String(reason)));
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    spy.errors.push(`${violatedDirective} ${blockedURI}`),
  );
  addEventListener("pageshow", ({ persisted }) => spy.pageshows.push(persisted));

  // A hidden page answers here: a test that looked at it would show it.
  const channel = new BroadcastChannel("spy");
  channel.onmessage = ({ data }) => {
    if (data !== location.search) return;
    const counter = document.querySelector("visitor-counter");
    channel.postMessage({ hidden: document.hidden, state: counter?.state, timers: spy.timers.size });
  };
  // An open channel would keep the page out of the back/forward cache.
  addEventListener("pagehide", () => channel.close());
})();
