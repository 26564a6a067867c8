import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, describe, test } from "node:test";
import { createVisitorCounter } from "../visitor-counter-socket.js";
import { FakeBrowser } from "../test-support/fake-browser.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const PING_ANSWER = 5 * SECOND;
const GOLDEN = JSON.parse(readFileSync(new URL("golden/client.json", import.meta.url), "utf8"));
const PING = GOLDEN.messages.find((message) => message.name === "ping").frame;

/** @type {FakeBrowser} */
let browser;
let states;
let counts;

beforeEach(() => {
  browser = new FakeBrowser();
  states = [];
  counts = [];
});

/** Without questions about missing counts, which asking.test.js tests. */
function create({ timing, ...options } = {}) {
  const counter = createVisitorCounter({
    url: "wss://example.org/prod",
    visit: "v1",
    browser,
    timing: { askAfterMs: Infinity, ...timing },
    ...options,
  });
  counter.addEventListener("statechange", (event) => states.push(event.detail));
  counter.addEventListener("count", (event) => counts.push(event.detail.live));
  return counter;
}

/** Lets the wait before a retry pass, and nothing more. */
function untilNextSocket() {
  const before = browser.sockets.length;
  while (browser.sockets.length === before) browser.advance(SECOND / 10);
}

function connected(options) {
  const counter = create(options);
  browser.lastSocket.accept();
  return counter;
}

describe("connecting", () => {
  test("opens one socket at once, with the counter, the visit, the visitor and watch in its address", () => {
    const url = "wss://example.org/prod?theme=a#top";
    const counter = create({ url, counter: "home page", visitor: "x1", watch: true });
    assert.equal(browser.sockets.length, 1);
    const { href, searchParams } = browser.lastSocket.url;
    assert.deepEqual([...searchParams.keys()], ["theme", ...GOLDEN.query]);
    assert.equal(searchParams.get("counter"), "home page");
    assert.equal(searchParams.get("visit"), "v1");
    assert.equal(searchParams.get("visitor"), "x1");
    assert.equal(searchParams.get("watch"), "1");
    assert.ok(!href.includes("#"), href);
    assert.equal(counter.state, "connecting");
  });

  test("leaves the counter to the server when none is named", () => {
    create();
    assert.deepEqual([...browser.lastSocket.url.searchParams.keys()], ["visit"]);
  });

  test("names the same visit for everything on the page, and at each reconnect", () => {
    create({ visit: undefined });
    create({ visit: undefined });
    browser.lastSocket.drop();
    browser.advance(MINUTE);
    const visits = browser.sockets.map((socket) => socket.url.searchParams.get("visit"));
    assert.equal(visits.length >= 3, true);
    assert.match(visits[0], /^[0-9a-f]{32}$/);
    assert.equal(new Set(visits).size, 1);
  });

  test("shows counts as they come", () => {
    const counter = connected();
    browser.lastSocket.receiveCount(1, 1);
    browser.lastSocket.receiveCount(3, 3);
    browser.lastSocket.receiveCount(2, 2);
    browser.lastSocket.receive('{"message": "Forbidden", "connectionId":"a=", "requestId":"b="}');
    assert.deepEqual(states, ["live"]);
    assert.deepEqual(counts, [1, 3]);
    assert.deepEqual(counter.count, { counter: "site", live: 3, total: 100, version: 3 });
  });

  test("receives only the counter that it asked for", () => {
    connected({ counter: "site" });
    browser.lastSocket.receive('{"type":"visitor-count","counter":"shop","live":7,"total":7,"version":7}');
    browser.lastSocket.receiveCount(1, 1);
    assert.deepEqual(counts, [1]);
  });

  for (const url of ["https://example.org", "example.org/prod", "", undefined, null]) {
    test(`rejects the address ${url}`, () => {
      assert.throws(() => create({ url }), { name: "TypeError", message: /must begin with wss:\/\// });
      assert.equal(browser.sockets.length, 0);
    });
  }
});

describe("a lost connection", () => {
  for (const code of [1000, 1001, 1006, 1011]) {
    test(`is tried again after close code ${code}, with the last count kept`, () => {
      const counter = connected();
      browser.lastSocket.receiveCount(5, 9);
      browser.lastSocket.drop(code);
      assert.equal(counter.state, "reconnecting");
      assert.equal(counter.count.live, 5);
      browser.advance(SECOND);
      assert.equal(browser.sockets.length, 2);
      browser.lastSocket.accept();
      assert.equal(counter.state, "live");
    });
  }

  test("is tried again with full jitter: chance is asked at every attempt", () => {
    create();
    // The ceilings are 1, 2, 4 and 8 s.
    browser.draws = [0.25, 0.75, 0, 0.5];
    for (const wait of [250, 1500, 0, 4000]) {
      const before = browser.sockets.length;
      browser.lastSocket.drop();
      if (wait > 0) browser.advance(wait - 1);
      assert.equal(browser.sockets.length, before, `not before ${wait} ms`);
      browser.advance(1);
      assert.equal(browser.sockets.length, before + 1, `after ${wait} ms`);
    }
  });

  test("goes on waiting longer when it opens but does not hold for a minute", () => {
    connected();
    browser.lastSocket.drop();
    browser.advance(SECOND);
    browser.lastSocket.accept();
    browser.advance(MINUTE - 1);
    browser.lastSocket.drop();
    browser.advance(SECOND - 1);
    assert.equal(browser.sockets.length, 2, "half of 2 s");
    browser.advance(1);
    assert.equal(browser.sockets.length, 3);
  });

  test("waits briefly again when it held for a minute", () => {
    connected();
    for (let i = 0; i < 5; i++) {
      browser.lastSocket.drop();
      untilNextSocket();
    }
    browser.lastSocket.accept();
    browser.advance(MINUTE);
    const before = browser.sockets.length;
    browser.lastSocket.drop();
    browser.advance(SECOND / 2);
    assert.equal(browser.sockets.length, before + 1);
  });

  test("that is rejected again and again slows down to minutes and says so once", () => {
    create();
    browser.draws = [0.999];
    for (let i = 0; i < 20; i++) {
      browser.lastSocket.drop();
      untilNextSocket();
    }
    assert.equal(browser.sockets.length, 21);
    assert.equal(browser.warnings.length, 1);
    assert.match(browser.warnings[0], /example\.org rejected 6 connections in a row/);
    browser.lastSocket.drop();
    browser.advance(4 * MINUTE);
    assert.equal(browser.sockets.length, 21);
  });

  test("is not called rejected because it is rejected now and then", () => {
    create();
    for (let i = 0; i < 3; i++) {
      for (let rejected = 0; rejected < 5; rejected++) {
        browser.lastSocket.drop();
        untilNextSocket();
      }
      browser.lastSocket.accept();
      browser.lastSocket.drop();
      untilNextSocket();
    }
    assert.deepEqual(browser.warnings, []);
  });

  test("is given up and tried again when the handshake hangs", () => {
    create();
    browser.advance(30 * SECOND);
    assert.equal(browser.sockets[0].state, "closed");
    browser.advance(SECOND);
    assert.equal(browser.sockets.length, 2);
  });

  test("ignores an older count that arrives after the reconnect", () => {
    connected();
    browser.lastSocket.receiveCount(9, 9);
    browser.lastSocket.drop();
    browser.advance(SECOND);
    browser.lastSocket.accept();
    browser.lastSocket.receiveCount(8, 8);
    browser.lastSocket.receiveCount(10, 10);
    assert.deepEqual(counts, [9, 10]);
  });

  test("finds a counter that started again, a quarter of an hour later", () => {
    connected();
    browser.lastSocket.receiveCount(9, 900);
    browser.lastSocket.drop();
    browser.advance(SECOND);
    browser.lastSocket.accept();
    browser.lastSocket.receiveCount(1, 1);
    for (let i = 0; i < 3; i++) {
      browser.advance(5 * MINUTE);
      browser.lastSocket.receiveCount(2 + i, 2 + i);
    }
    assert.deepEqual(counts, [9, 4]);
  });
});

describe("the network", () => {
  test("is said to be offline when it is, and its return is used at once", () => {
    const counter = connected();
    browser.online = false;
    browser.lastSocket.drop();
    assert.equal(counter.state, "offline");
    browser.setOnline(true);
    assert.equal(browser.sockets.length, 2);
    browser.lastSocket.accept();
    assert.equal(counter.state, "live");
  });

  test("is said to be offline when it goes while the page is waiting for its turn", () => {
    const counter = connected();
    browser.lastSocket.drop();
    assert.equal(counter.state, "reconnecting");
    browser.setOnline(false);
    assert.equal(counter.state, "offline");
  });

  test("is tried although the browser believes that there is none, which is wrong now and then", () => {
    browser.online = false;
    const counter = create();
    browser.lastSocket.drop();
    browser.advance(SECOND);
    browser.lastSocket.accept();
    assert.equal(counter.state, "live");
  });

  test("is probed when it changed, and a dead connection is replaced", () => {
    connected();
    browser.setOnline(true);
    assert.deepEqual(browser.lastSocket.sent, [PING]);
    browser.advance(PING_ANSWER);
    assert.equal(browser.sockets[0].state, "closed");
    browser.advance(SECOND);
    assert.equal(browser.sockets.length, 2);
  });

  test("does not wait for a handshake that began before it changed", () => {
    create();
    browser.setOnline(true);
    assert.deepEqual(
      browser.sockets.map((socket) => socket.state),
      ["closed", "connecting"],
    );
  });
});

describe("silence", () => {
  test("of nine minutes is broken by a ping, and any answer will do", () => {
    const counter = connected();
    browser.advance(9 * MINUTE - 1);
    assert.deepEqual(browser.lastSocket.sent, []);
    browser.advance(1);
    assert.deepEqual(browser.lastSocket.sent, [PING]);
    browser.lastSocket.receive('{"type":"pong"}');
    browser.advance(PING_ANSWER);
    assert.equal(counter.state, "live");
    assert.equal(browser.sockets.length, 1);
  });

  test("is broken again and again, also more often than the clock is read", () => {
    connected({ timing: { pingAfterMs: 2 * SECOND } });
    for (let i = 1; i <= 5; i++) {
      browser.advance(2 * SECOND);
      assert.equal(browser.lastSocket.sent.length, i);
      browser.lastSocket.receive("{}");
    }
  });

  test("needs no ping while counts come", () => {
    connected();
    for (let version = 1; version <= 10; version++) {
      browser.advance(8 * MINUTE);
      browser.lastSocket.receiveCount(1, version);
    }
    assert.deepEqual(browser.lastSocket.sent, []);
  });

  test("after a ping means that the connection is dead", () => {
    const counter = connected();
    browser.advance(9 * MINUTE + PING_ANSWER);
    assert.equal(counter.state, "reconnecting");
    assert.equal(browser.sockets[0].state, "closed");
  });

  test("is checked when the page is looked at again, and an answer makes the count current again", () => {
    const counter = connected();
    browser.hide();
    browser.sleep(60 * MINUTE);
    browser.show();
    assert.deepEqual(browser.lastSocket.sent, [PING]);
    assert.equal(counter.state, "checking");
    browser.lastSocket.receive('{"type":"pong"}');
    assert.deepEqual(states, ["live", "checking", "live"]);
    browser.advance(MINUTE);
    assert.equal(browser.sockets.length, 1);
  });

  test("is checked when a window that was covered gets the focus", () => {
    const counter = connected();
    browser.advance(30 * SECOND);
    browser.pageEvent("focus");
    assert.deepEqual(browser.lastSocket.sent, [PING]);
    assert.equal(counter.state, "checking");
  });

  test("of less than half a minute is not checked, however often the page is looked at", () => {
    const counter = connected();
    browser.advance(29 * SECOND);
    browser.hide();
    browser.show();
    browser.pageEvent("focus");
    assert.deepEqual(browser.lastSocket.sent, []);
    assert.equal(counter.state, "live");
  });

  test("is checked once, although the page is looked at twice", () => {
    connected();
    browser.advance(MINUTE);
    browser.pageEvent("focus");
    browser.advance(PING_ANSWER - 1);
    browser.pageEvent("focus");
    assert.deepEqual(browser.lastSocket.sent, [PING]);
    browser.advance(1);
    assert.equal(browser.sockets[0].state, "closed");
  });

  test("leaves the last count in place while a dead connection is checked and replaced", () => {
    const counter = connected();
    browser.lastSocket.receiveCount(4, 4);
    browser.hide();
    browser.sleep(4 * MINUTE);
    browser.show();
    browser.advance(PING_ANSWER);
    assert.equal(counter.state, "reconnecting");
    assert.equal(counter.count.live, 4);
    browser.advance(SECOND);
    browser.lastSocket.accept();
    assert.deepEqual(states, ["live", "checking", "reconnecting", "live"]);
  });
});

describe("a machine that sleeps", () => {
  test("in sight, without any event, is noticed within 20 seconds of waking, and the connection is checked", () => {
    const counter = connected();
    browser.advance(30 * SECOND);
    browser.sleep(2 * MINUTE);
    assert.equal(counter.state, "live");
    browser.advance(10 * SECOND);
    assert.deepEqual(browser.lastSocket.sent, [PING]);
    assert.equal(counter.state, "checking");
  });

  for (const sleptMinutes of [0.25, 1, 4, 8]) {
    test(`for ${sleptMinutes} minutes does not stretch the silence beyond API Gateway's ten`, () => {
      connected();
      browser.advance(MINUTE);
      browser.sleep(sleptMinutes * MINUTE);
      const asleep = (1 + sleptMinutes) * MINUTE;
      browser.advance(Math.max(9 * MINUTE - asleep, 20 * SECOND));
      assert.equal(browser.sockets[0].sent.length, 1);
    });
  }

  test("does not wait for a handshake that began before", () => {
    create();
    browser.sleep(MINUTE);
    browser.advance(20 * SECOND);
    assert.deepEqual(
      browser.sockets.map((socket) => socket.state),
      ["closed", "connecting"],
    );
  });

  test("retries at once when it wakes", () => {
    connected();
    browser.draws = [0.999];
    for (let i = 0; i < 9; i++) {
      browser.lastSocket.drop();
      untilNextSocket();
    }
    browser.lastSocket.drop();
    const before = browser.sockets.length;
    browser.sleep(MINUTE);
    browser.advance(20 * SECOND);
    assert.equal(browser.sockets.length, before + 1);
  });

  test("in a hidden tab for longer than its grace releases the connection instead of checking it", () => {
    connected();
    browser.hide();
    browser.sleep(60 * MINUTE);
    browser.advance(20 * SECOND);
    assert.deepEqual(browser.lastSocket.sent, []);
    assert.equal(browser.openSockets.length, 0);
    assert.equal(browser.timers, 0);
  });

  test("is not inferred from a timer that a busy page delays", () => {
    const counter = connected();
    browser.sleep(19 * SECOND);
    browser.advance(40 * SECOND);
    assert.deepEqual(browser.lastSocket.sent, []);
    assert.equal(counter.state, "live");
  });

  test("and a clock that is set back is treated like a sleep", () => {
    connected();
    browser.sleep(-60 * MINUTE);
    browser.advance(20 * SECOND);
    assert.deepEqual(browser.sockets[0].sent, [PING]);
  });
});

describe("a tab that nobody sees", () => {
  test("keeps its connection for five minutes, then lets go of it and of every timer", () => {
    const counter = connected();
    browser.lastSocket.receiveCount(4, 4);
    browser.hide();
    browser.advance(5 * MINUTE - 1);
    assert.equal(counter.state, "live");
    browser.advance(1);
    assert.equal(browser.lastSocket.closeCode, 1000);
    assert.equal(browser.timers, 0);
    assert.equal(counter.state, "reconnecting");
    browser.advance(24 * 60 * MINUTE);
    assert.equal(browser.sockets.length, 1);
    browser.show();
    assert.equal(browser.sockets.length, 2);
    browser.lastSocket.accept();
    assert.equal(counter.state, "live");
    assert.equal(counter.count.live, 4);
  });

  test("keeps its connection when it is seen again in time", () => {
    connected();
    browser.hide();
    browser.advance(4 * MINUTE);
    browser.show();
    browser.lastSocket.receive('{"type":"pong"}');
    browser.advance(4 * MINUTE);
    assert.equal(browser.openSockets.length, 1);
    assert.equal(browser.sockets.length, 1);
  });

  test("is counted when it was opened in the background, and lets go all the same", () => {
    browser.document.visibilityState = "hidden";
    connected();
    browser.advance(5 * MINUTE);
    assert.equal(browser.openSockets.length, 0);
  });

  test("lets go at once when the browser freezes it", () => {
    connected();
    browser.hide();
    browser.document.dispatchEvent(new Event("freeze"));
    assert.equal(browser.openSockets.length, 0);
    assert.equal(browser.timers, 0);
    browser.show();
    assert.equal(browser.openSockets.length, 1);
  });

  test("returns when it wakes up in sight without a word of having become visible", () => {
    connected();
    browser.hide();
    browser.document.dispatchEvent(new Event("freeze"));
    browser.document.dispatchEvent(new Event("resume"));
    assert.equal(browser.openSockets.length, 0, "still hidden");
    browser.document.visibilityState = "visible";
    browser.document.dispatchEvent(new Event("resume"));
    assert.equal(browser.openSockets.length, 1);
  });

  test("stops trying when the connection was lost", () => {
    connected();
    browser.hide();
    browser.advance(5 * MINUTE);
    browser.setOnline(true);
    assert.equal(browser.sockets.length, 1);
  });

  test("retries at once when it is seen again", () => {
    connected();
    browser.draws = [0.999];
    for (let i = 0; i < 4; i++) {
      browser.lastSocket.drop();
      untilNextSocket();
    }
    browser.lastSocket.drop();
    const before = browser.sockets.length;
    browser.hide();
    browser.show();
    assert.equal(browser.sockets.length, before + 1);
    browser.advance(20 * SECOND);
    assert.equal(browser.sockets.length, before + 1, "the timer of the retry is gone");
  });

  test("does not connect while it is prerendered, whatever event comes", () => {
    browser.document.prerendering = true;
    browser.document.visibilityState = "hidden";
    create();
    // Chromium fires pageshow when a prerendered page has loaded.
    for (const type of ["pageshow", "focus", "online", "offline"]) browser.pageEvent(type);
    for (const type of ["visibilitychange", "resume"]) browser.document.dispatchEvent(new Event(type));
    browser.show();
    browser.advance(MINUTE);
    assert.equal(browser.sockets.length, 0);
    assert.equal(browser.timers, 0);
    browser.document.prerendering = false;
    browser.document.visibilityState = "visible";
    browser.document.dispatchEvent(new Event("prerenderingchange"));
    assert.equal(browser.sockets.length, 1);
  });
});

describe("a socket that cannot be made", () => {
  test("is retried like any other failure, and the console says why once", () => {
    browser.openError = new Error("insecure");
    const counter = create();
    assert.equal(counter.state, "connecting");
    browser.advance(2 * SECOND);
    assert.equal(counter.state, "reconnecting");
    assert.deepEqual(browser.warnings.length, 1);
    assert.match(browser.warnings[0], /cannot connect to wss:\/\/example\.org.*insecure/);
    browser.openError = null;
    untilNextSocket();
    browser.lastSocket.accept();
    assert.equal(counter.state, "live");
  });

  test("during a retry does not end the retries", () => {
    connected();
    browser.openError = new Error("out of sockets");
    browser.lastSocket.drop();
    browser.advance(10 * SECOND);
    browser.openError = null;
    untilNextSocket();
    assert.equal(browser.sockets.length, 2);
  });

  test("leaves nothing behind when it is closed meanwhile", () => {
    browser.openError = new Error("insecure");
    create().close();
    assert.equal(browser.timers, 0);
  });
});

describe("without a document", () => {
  test("in a worker it connects and follows the network", () => {
    browser.document = undefined;
    const counter = connected();
    browser.lastSocket.receiveCount(4, 4);
    browser.setOnline(true);
    assert.deepEqual(browser.lastSocket.sent, [PING]);
    browser.lastSocket.receive("{}");
    browser.advance(60 * MINUTE);
    assert.equal(counter.count.live, 4);
    counter.close();
    assert.equal(browser.timers, 0);
  });

  test("in Node it needs neither document nor window", () => {
    const { WebSocket } = globalThis;
    globalThis.WebSocket = class {
      close() {}
    };
    try {
      const counter = createVisitorCounter({ url: "wss://example.org/prod" });
      assert.equal(counter.state, "connecting");
      counter.close();
    } finally {
      globalThis.WebSocket = WebSocket;
    }
  });
});

describe("leaving the page", () => {
  test("closes the socket, so that the back/forward cache can keep the page; coming back opens it", () => {
    const counter = connected();
    browser.lastSocket.receiveCount(4, 4);
    browser.pageEvent("pagehide");
    assert.equal(browser.openSockets.length, 0);
    assert.equal(browser.timers, 0);
    browser.pageEvent("pageshow");
    assert.equal(browser.openSockets.length, 1);
    browser.lastSocket.accept();
    assert.equal(counter.count.live, 4);
  });

  test("leaves no timer behind, although the page is hidden afterwards", () => {
    connected();
    browser.pageEvent("pagehide");
    browser.hide();
    assert.equal(browser.timers, 0);
  });

  test("and the first pageshow of a page changes nothing", () => {
    create();
    browser.pageEvent("pageshow");
    assert.equal(browser.sockets.length, 1);
  });
});

describe("rotation", () => {
  /** 100 minutes and a fifth of 15. */
  beforeEach(() => (browser.draws = [0.2]));

  test("replaces a connection before two hours: the new one first, then the old one closes", () => {
    const counter = connected();
    const [old] = browser.sockets;
    keepTalking(old, 102);
    assert.equal(browser.sockets.length, 1);
    keepTalking(old, 1);
    assert.equal(browser.sockets.length, 2);
    assert.equal(old.state, "open");
    old.receiveCount(7, 5000);
    browser.lastSocket.accept();
    assert.equal(old.closeCode, 1000);
    assert.equal(counter.state, "live");
    assert.deepEqual(states, ["live"], "without a flicker");
    browser.lastSocket.receiveCount(8, 5001);
    assert.deepEqual(counts.slice(-2), [7, 8]);
  });

  test("keeps the old connection when the new one fails, and tries again", () => {
    const counter = connected();
    const [old] = browser.sockets;
    keepTalking(old, 103);
    const [, rejected] = browser.sockets;
    rejected.drop();
    assert.equal(old.state, "open");
    assert.equal(counter.state, "live");
    browser.advance(SECOND);
    browser.sockets[2].accept();
    assert.equal(old.state, "closed");
    assert.equal(browser.openSockets.length, 1);
  });

  test("goes on with the new handshake when the old connection ends meanwhile", () => {
    const counter = connected();
    const [old] = browser.sockets;
    keepTalking(old, 103);
    old.drop(1001);
    assert.equal(counter.state, "reconnecting");
    assert.equal(browser.openSockets.length, 1);
    browser.lastSocket.accept();
    browser.advance(MINUTE);
    assert.equal(counter.state, "live");
    assert.equal(browser.sockets.length, 2);
  });

  test("does not meddle when the connection is lost just before it", () => {
    connected();
    keepTalking(browser.sockets[0], 102);
    browser.advance(55 * SECOND);
    browser.lastSocket.drop();
    browser.advance(PING_ANSWER);
    assert.equal(browser.openSockets.length, 1);
  });

  test("is given up with the rest when the page is left", () => {
    connected();
    keepTalking(browser.sockets[0], 103);
    assert.equal(browser.openSockets.length, 2);
    browser.pageEvent("pagehide");
    assert.equal(browser.openSockets.length, 0);
    assert.equal(browser.timers, 0);
  });

  /** Keeps a connection from falling silent. */
  function keepTalking(socket, minutes) {
    for (let minute = 0; minute < minutes; minute++) {
      browser.advance(MINUTE);
      socket.receive("{}");
    }
  }
});

describe("close", () => {
  test("ends it for good: no timer, no listener, no return", () => {
    const counter = connected();
    counter.close();
    counter.close();
    assert.deepEqual(states, ["live", "stopped"]);
    assert.equal(browser.lastSocket.closeCode, 1000);
    browser.show();
    browser.pageEvent("pageshow");
    browser.setOnline(true);
    browser.advance(24 * 60 * MINUTE);
    assert.equal(browser.sockets.length, 1);
    assert.equal(browser.timers, 0);
  });

  test("during a handshake or a wait leaves nothing behind", () => {
    create().close();
    assert.equal(browser.lastSocket.state, "closed");
    const waiting = create();
    browser.lastSocket.drop();
    waiting.close();
    browser.advance(MINUTE);
    assert.equal(browser.sockets.length, 2);
    assert.equal(browser.timers, 0);
  });
});
