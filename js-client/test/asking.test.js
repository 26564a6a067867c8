import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, describe, test } from "node:test";
import { createVisitorCounter, siteCounterOf } from "../visitor-counter-socket.js";
import { FakeBrowser } from "../test-support/fake-browser.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const GOLDEN = JSON.parse(readFileSync(new URL("golden/client.json", import.meta.url), "utf8"));
const frame = (name) => GOLDEN.messages.find((message) => message.name === name).frame;
const ASK = frame("count");
const ASK_SITE = frame("count of the site");

/** @type {FakeBrowser} */
let browser;

beforeEach(() => {
  browser = new FakeBrowser();
  // The wait before a question is then 10 s, and that before a retry nothing.
  browser.draws = [0];
});

function create(options) {
  return createVisitorCounter({ url: "wss://example.org/prod", visit: "v1", browser, ...options });
}

/** What was asked for, without pings. */
function asked() {
  return browser.lastSocket.sent.filter((text) => text !== frame("ping"));
}

describe("a page that received no count", () => {
  test("asks for it once, ten seconds after its connection opened", () => {
    create();
    browser.lastSocket.accept();
    browser.advance(10 * SECOND - 1);
    assert.deepEqual(asked(), []);
    browser.advance(1);
    assert.deepEqual(asked(), [ASK]);
    browser.advance(8 * MINUTE);
    assert.deepEqual(asked(), [ASK]);
  });

  test("asks at a random time within ten seconds, so that a crowd does not ask at once", () => {
    create();
    browser.draws = [0.75];
    browser.lastSocket.accept();
    browser.advance(17_499);
    assert.deepEqual(asked(), []);
    browser.advance(1);
    assert.deepEqual(asked(), [ASK]);
  });

  test("asks again on a later connection, although it shows the count of an earlier one", () => {
    create();
    browser.lastSocket.accept().receiveCount(1, 1);
    browser.lastSocket.drop();
    browser.advance(0);
    browser.lastSocket.accept();
    browser.advance(10 * SECOND);
    assert.equal(browser.sockets.length, 2);
    assert.deepEqual(asked(), [ASK]);
  });

  test("does not ask while there is no connection", () => {
    create();
    browser.lastSocket.accept();
    browser.draws = [0.999];
    browser.lastSocket.drop();
    browser.advance(20 * SECOND);
    assert.ok(browser.sockets.every(({ sent }) => sent.length === 0));
  });

  test("does not ask on the handshake of the connection that it opens on its return", () => {
    create();
    browser.lastSocket.accept();
    browser.advance(5 * SECOND);
    browser.pageEvent("pagehide");
    browser.pageEvent("pageshow");
    browser.advance(25 * SECOND);
    browser.lastSocket.accept();
    assert.equal(browser.sockets.length, 2);
    assert.deepEqual(asked(), []);
  });

  test("says so on the console once when the question was not answered either", () => {
    create();
    browser.lastSocket.accept();
    browser.advance(20 * SECOND - 1);
    assert.deepEqual(browser.warnings, []);
    browser.advance(1);
    browser.lastSocket.drop();
    browser.advance(0);
    browser.lastSocket.accept();
    browser.advance(MINUTE);
    assert.equal(browser.warnings.length, 1);
    assert.match(browser.warnings[0], /no count of the default counter came from example\.org/);
  });
});

describe("a page that received a count", () => {
  test("does not ask", () => {
    create({ counter: "site" });
    browser.lastSocket.accept().receiveCount(1, 1);
    browser.advance(8 * MINUTE);
    assert.deepEqual(asked(), []);
    assert.deepEqual(browser.warnings, []);
  });

  test("asks all the same if it was another counter's", () => {
    create({ counter: "page:/prices" });
    browser.lastSocket.accept().receiveCount(1, 1);
    browser.advance(10 * SECOND);
    assert.deepEqual(asked(), [ASK]);
  });
});

describe("a page that only watches", () => {
  test("asks as soon as its connection is open, because its connect causes no broadcast", () => {
    create({ watch: true });
    assert.equal(browser.lastSocket.url.searchParams.get("watch"), "1");
    browser.lastSocket.accept();
    assert.deepEqual(asked(), [ASK]);
    browser.lastSocket.receiveCount(4, 4);
    browser.advance(8 * MINUTE);
    assert.deepEqual(asked(), [ASK]);
  });

  test("asks twice more, ten seconds apart, and then no more", () => {
    create({ watch: true });
    browser.lastSocket.accept();
    for (const times of [1, 2, 3, 3]) {
      assert.equal(asked().length, times);
      browser.advance(10 * SECOND);
    }
    assert.equal(browser.warnings.length, 1);
  });

  test("asks on each of its connections", () => {
    create({ watch: true });
    browser.lastSocket.accept().receiveCount(4, 4);
    browser.lastSocket.drop();
    browser.advance(0);
    browser.lastSocket.accept();
    assert.deepEqual(asked(), [ASK]);
  });

  test("asks for the site's count too", () => {
    siteCounterOf(create({ counter: "page:/prices", watch: true }));
    browser.lastSocket.accept();
    assert.deepEqual(asked(), [ASK, ASK_SITE]);
  });

  test("of the site alone asks once for both", () => {
    siteCounterOf(create({ counter: "site", watch: true }));
    browser.lastSocket.accept();
    assert.deepEqual(asked(), [ASK]);
  });
});

describe("the site's count", () => {
  test("is asked for when only the page's came, and the console says that it never came", () => {
    siteCounterOf(create({ counter: "page:/prices" }));
    browser.lastSocket.accept().receiveCount(1, 1, 1, "page:/prices");
    browser.advance(10 * SECOND);
    assert.deepEqual(asked(), [ASK_SITE]);
    browser.advance(10 * SECOND);
    assert.match(browser.warnings[0], /no count of site came.*VISITOR_COUNTER_SITE_COUNTER/);
  });

  test("is asked for at once on a connection that is open already", () => {
    const page = create({ counter: "page:/prices" });
    browser.lastSocket.accept().receiveCount(1, 1, 1, "page:/prices");
    browser.advance(10 * SECOND);
    const site = siteCounterOf(page);
    assert.deepEqual(asked(), [ASK_SITE]);
    browser.lastSocket.receiveCount(7, 7);
    assert.equal(site.count.live, 7);
    browser.advance(8 * MINUTE);
    assert.deepEqual(asked(), [ASK_SITE]);
    assert.deepEqual(browser.warnings, []);
  });

  test("is not asked for on a further connection that is open, while the first has brought it", () => {
    const site = siteCounterOf(create({ counter: "page:/prices" }));
    browser.lastSocket.accept().receiveCount(7, 7);
    const other = create({ counter: "page:/team" });
    browser.lastSocket.accept().receiveCount(1, 1, 1, "page:/team");
    site.follow(other);
    browser.advance(8 * MINUTE);
    assert.deepEqual(asked(), []);
  });

  test("is not asked for any more when nothing shows it", () => {
    const site = siteCounterOf(create({ counter: "page:/prices" }));
    browser.lastSocket.accept().receiveCount(1, 1, 1, "page:/prices");
    site.close();
    browser.advance(MINUTE);
    assert.deepEqual(asked(), []);
  });
});
