/** The count over HTTP, for pages whose WebSockets fail. */

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { createVisitorCounter, siteCounterOf } from "../visitor-counter-socket.js";
import { FakeBrowser, settle } from "../test-support/fake-browser.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** @type {FakeBrowser} */
let browser;
let states;

beforeEach(() => {
  browser = new FakeBrowser();
  // Retries at once, and requests 30 s apart.
  browser.draws = [0];
  states = [];
});

function create(options) {
  const counter = createVisitorCounter({
    url: "wss://example.org/prod",
    visit: "v1",
    countUrl: "https://example.org/count",
    browser,
    ...options,
  });
  counter.addEventListener("statechange", ({ detail }) => states.push(detail));
  return counter;
}

/** Lets sockets fail until the page reads the count over HTTP; then its next socket hangs. */
function blocked(options) {
  const counter = create(options);
  for (let i = 0; i < 3; i++) {
    browser.lastSocket.drop();
    browser.advance(0);
  }
  return counter;
}

function count(live, version, counter = "site") {
  return { counter, live, total: 3456, version };
}

async function answer(value) {
  browser.lastRequest.answer(value);
  await settle();
}

async function fail(text = "status 503") {
  browser.lastRequest.fail(text);
  await settle();
}

describe("a page whose sockets fail", () => {
  test("reads the count over HTTP after the third failure, and its state says so", async () => {
    const counter = create({ counter: "site" });
    for (const requests of [0, 0, 1]) {
      browser.lastSocket.drop();
      browser.advance(0);
      assert.equal(browser.requests.length, requests);
    }
    assert.equal(browser.lastRequest.url.href, "https://example.org/count?counter=site");
    assert.deepEqual(states, ["reconnecting"]);
    await answer({ ...count(12, 981), updatedAt: "2026-11-27T02:00:00Z", peak: 7 });
    assert.deepEqual(counter.count, count(12, 981));
    assert.deepEqual(states, ["reconnecting", "polling"]);
  });

  test("is polling before the count arrives, so that nothing takes it for an old one", async () => {
    const seen = [];
    const counter = blocked();
    counter.addEventListener("count", () => seen.push(counter.state));
    await answer(count(1, 1));
    assert.deepEqual(seen, ["polling"]);
  });

  test("leaves the counter to the server when it names none, and keeps other parameters", () => {
    blocked({ countUrl: "https://example.org/count?v=2" });
    assert.equal(browser.lastRequest.url.search, "?v=2");
  });

  test("makes no request without the address", () => {
    const counter = blocked({ countUrl: undefined });
    browser.advance(60 * MINUTE);
    assert.equal(browser.requests.length, 0);
    assert.equal(counter.state, "reconnecting");
  });

  test("counts connections that open and break at once as failures too", async () => {
    create();
    for (let i = 0; i < 3; i++) {
      browser.lastSocket.accept().drop();
      browser.advance(0);
    }
    assert.equal(browser.requests.length, 1);
  });

  test("does not count failures from before a connection that held for a minute", () => {
    create();
    for (let i = 0; i < 2; i++) {
      browser.lastSocket.drop();
      browser.advance(0);
    }
    browser.lastSocket.accept().receiveCount(1, 1);
    browser.advance(MINUTE);
    browser.lastSocket.drop();
    browser.advance(0);
    assert.equal(browser.requests.length, 0);
  });

  test("makes one request at a time, 30 to 60 s apart", async () => {
    blocked();
    browser.advance(20 * SECOND);
    assert.equal(browser.requests.length, 1);
    browser.draws = [0.5];
    await answer(count(1, 1));
    browser.advance(45 * SECOND - 1);
    assert.equal(browser.requests.length, 1);
    browser.advance(1);
    assert.equal(browser.requests.length, 2);
    browser.draws = [0.999];
    await answer(count(2, 2));
    browser.advance(59 * SECOND);
    assert.equal(browser.requests.length, 2);
    browser.advance(SECOND);
    assert.equal(browser.requests.length, 3);
  });

  test("shows no older count than the newest, which a cache may answer with", async () => {
    const counter = blocked();
    await answer(count(9, 9));
    browser.advance(30 * SECOND);
    await answer(count(8, 8));
    assert.equal(counter.count.live, 9);
    assert.equal(counter.state, "polling");
  });

  test("takes no older count for a counter that started again", async () => {
    const counter = create();
    browser.lastSocket.accept().receiveCount(9, 9);
    for (let i = 0; i < 3; i++) {
      browser.lastSocket.drop();
      browser.advance(0);
    }
    await answer(count(8, 8));
    assert.equal(counter.count.live, 9);
  });

  test("goes on trying sockets, and its state does not flicker meanwhile", async () => {
    blocked();
    await answer(count(1, 1));
    const before = browser.sockets.length;
    for (let i = 0; i < 3; i++) {
      browser.lastSocket.drop();
      browser.advance(0);
    }
    assert.equal(browser.sockets.length, before + 3);
    assert.deepEqual(states, ["reconnecting", "polling"]);
  });

  test("returns to a socket that opens, and makes no more requests", async () => {
    const counter = blocked({ counter: "site" });
    await answer(count(1, 1));
    browser.lastSocket.accept().receiveCount(5, 5);
    assert.deepEqual(states, ["reconnecting", "polling", "live"]);
    assert.equal(counter.count.live, 5);
    browser.advance(8 * MINUTE);
    assert.equal(browser.requests.length, 1);
  });

  test("uses no answer that comes after a socket opened", async () => {
    const counter = blocked();
    browser.lastSocket.accept();
    assert.equal(browser.lastRequest.signal.aborted, true);
    await answer(count(7, 7));
    assert.equal(counter.count, null);
    assert.equal(counter.state, "live");
  });

  test("uses no answer that came just before a socket opened, and was not read yet", async () => {
    const counter = blocked();
    browser.lastRequest.answer(count(7, 7));
    browser.lastSocket.accept();
    await settle();
    assert.equal(counter.count, null);
    assert.equal(counter.state, "live");
  });

  test("that lost its socket again is not polling before an answer", async () => {
    const counter = blocked();
    await answer(count(1, 1));
    browser.lastSocket.accept().drop();
    assert.equal(counter.state, "reconnecting");
  });

  test("reads the site's count too", async () => {
    const page = blocked({ counter: "page:/prices" });
    const site = siteCounterOf(page);
    browser.lastRequest.answer(count(3, 3, "page:/prices"));
    await settle();
    browser.advance(30 * SECOND);
    assert.deepEqual(
      browser.requests.slice(1).map(({ url }) => url.searchParams.get("counter")),
      ["page:/prices", "site"],
    );
    browser.requests[1].answer(count(3, 3, "page:/prices"));
    browser.requests[2].answer(count(12, 12));
    await settle();
    assert.equal(site.count.live, 12);
    assert.equal(site.state, "polling");
    assert.equal(page.count.live, 3);
  });
});

describe("a request that fails", () => {
  test("leaves the state as it was; the console says so once", async () => {
    const counter = blocked();
    await fail("status 503");
    browser.advance(10 * MINUTE);
    await fail("status 503");
    assert.equal(browser.requests.length, 2);
    assert.deepEqual(states, ["reconnecting"]);
    assert.equal(counter.count, null);
    const warnings = browser.warnings.filter((text) => text.includes("/count"));
    assert.deepEqual(warnings, [
      "visitor-counter: no count from https://example.org/count, asking less and less often: Error: status 503",
    ]);
  });

  test("is repeated later and later, up to ten minutes, and an answer ends that", async () => {
    blocked();
    const waits = [];
    for (let failures = 0; failures < 7; failures++) {
      await fail(failures % 2 ? "status 429" : "Failed to fetch");
      waits.push(waitForRequest());
    }
    assert.deepEqual(waits, [60, 120, 240, 300, 300, 300, 300]);
    browser.draws = [0.999];
    await fail();
    assert.equal(waitForRequest(), 600);
    browser.draws = [0];
    await answer(count(1, 1));
    assert.equal(waitForRequest(), 30);
  });

  test("after a good one makes the number old again", async () => {
    const counter = blocked();
    await answer(count(1, 1));
    browser.advance(30 * SECOND);
    await fail();
    assert.equal(counter.state, "reconnecting");
    assert.equal(counter.count.live, 1);
  });

  for (const [name, value] of Object.entries({
    "of another counter": count(1, 1, "shop"),
    "without a version": { counter: "site", live: 1, total: 1 },
    "with a negative number": { counter: "site", live: -1, total: 1, version: 1 },
    "that is no object": null,
  })) {
    test(`is also one whose answer is a count ${name}`, async () => {
      const counter = blocked({ counter: "site" });
      await answer(value);
      assert.equal(counter.count, null);
      assert.equal(counter.state, "reconnecting");
      assert.equal(waitForRequest(), 60);
    });
  }

  test("is also one that is not answered for half a minute", async () => {
    blocked();
    browser.advance(30 * SECOND);
    assert.equal(browser.lastRequest.signal.aborted, true);
    await settle();
    assert.equal(browser.warnings.filter((text) => text.includes("/count")).length, 1);
    assert.equal(waitForRequest(), 60);
  });

  test("because the address is none is repeated like any other", async () => {
    blocked({ countUrl: "https://" });
    await settle();
    assert.match(browser.warnings[0], /no count from https:\/\/, /);
  });

  /** Seconds until the next request. */
  function waitForRequest() {
    const { length } = browser.requests;
    for (let seconds = 1; seconds <= 3600; seconds++) {
      browser.advance(SECOND);
      if (browser.requests.length > length) return seconds;
    }
    return Infinity;
  }
});

describe("a tab that nobody sees", () => {
  test("makes no request, and reads the count when it is looked at again", async () => {
    blocked();
    await answer(count(1, 1));
    browser.hide();
    browser.advance(4 * MINUTE);
    assert.equal(browser.requests.length, 1);
    browser.show();
    browser.advance(0);
    assert.equal(browser.requests.length, 2);
  });

  test("and that is looked at often makes no more requests for that", async () => {
    blocked();
    await answer(count(1, 1));
    for (let i = 0; i < 10; i++) {
      browser.hide();
      browser.show();
      browser.advance(SECOND);
    }
    assert.equal(browser.requests.length, 1);
    browser.advance(20 * SECOND);
    assert.equal(browser.requests.length, 2);
  });

  test("aborts the request that is under way", () => {
    blocked();
    browser.hide();
    assert.equal(browser.lastRequest.signal.aborted, true);
  });

  test("makes none when it was never seen", () => {
    browser.document.visibilityState = "hidden";
    blocked();
    assert.equal(browser.requests.length, 0);
  });

  test("after five minutes leaves no timer, is not polling, and comes back", async () => {
    const counter = blocked();
    await answer(count(1, 1));
    browser.hide();
    browser.advance(5 * MINUTE);
    assert.equal(browser.timers, 0);
    assert.equal(counter.state, "reconnecting");
    browser.show();
    browser.advance(0);
    assert.equal(browser.requests.length, 2);
    await answer(count(2, 2));
    assert.equal(counter.state, "polling");
  });

  test("leaves nothing behind when the counter is closed", async () => {
    const counter = blocked();
    counter.close();
    await answer(count(1, 1));
    assert.equal(browser.timers, 0);
    assert.equal(counter.count, null);
    assert.equal(counter.state, "stopped");
  });
});

describe("without a network", () => {
  test("no request is made, and its return reads the count soon", async () => {
    const counter = blocked();
    await answer(count(1, 1));
    browser.setOnline(false);
    assert.equal(counter.state, "offline");
    browser.advance(10 * MINUTE);
    assert.equal(browser.requests.length, 1);
    browser.setOnline(true);
    browser.advance(0);
    assert.equal(browser.requests.length, 2);
    await answer(count(2, 2));
    assert.equal(counter.state, "polling");
  });
});
