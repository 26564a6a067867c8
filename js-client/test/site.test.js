/** A page's counter and the site's on one connection. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { createVisitorCounter, siteCounterOf } from "../visitor-counter-socket.js";
import { FakeBrowser } from "../test-support/fake-browser.js";
import { controlTimers, openPage } from "../test-support/page.js";
import { missing } from "../test-support/tools.js";

const PAGE = "page:/prices";

describe("the site's counter on a page's connection", () => {
  let browser;
  let page;
  let site;
  let events;

  beforeEach(() => {
    browser = new FakeBrowser();
    page = createVisitorCounter({ url: "wss://example.org/prod", counter: PAGE, visit: "v1", browser });
    site = siteCounterOf(page);
    events = [];
    for (const [name, counter] of Object.entries({ page, site })) {
      counter.addEventListener("count", ({ detail }) => events.push(`${name} ${detail.live}`));
      counter.addEventListener("statechange", ({ detail }) => events.push(`${name} ${detail}`));
    }
  });

  test("opens nothing of its own, and each counter receives its own counts", () => {
    browser.lastSocket.accept();
    browser.lastSocket.receiveCount(3, 3, 30, PAGE);
    browser.lastSocket.receiveCount(12, 12, 120, "site");
    browser.lastSocket.receiveCount(99, 99, 99, "shop");
    assert.equal(browser.sockets.length, 1);
    assert.deepEqual(events, ["site live", "page live", "page 3", "site 12"]);
    assert.deepEqual(page.count, { counter: PAGE, live: 3, total: 30, version: 3 });
    assert.deepEqual(site.count, { counter: "site", live: 12, total: 120, version: 12 });
  });

  test("compares versions per counter", () => {
    browser.lastSocket.accept();
    browser.lastSocket.receiveCount(12, 900, 1, "site");
    browser.lastSocket.receiveCount(3, 7, 1, PAGE);
    browser.lastSocket.receiveCount(11, 899, 1, "site");
    browser.lastSocket.receiveCount(4, 8, 1, PAGE);
    assert.deepEqual(events, ["site live", "page live", "site 12", "page 3", "page 4"]);
  });

  test("follows the connection's state, and stops with it", () => {
    browser.lastSocket.accept();
    browser.lastSocket.drop();
    page.close();
    assert.deepEqual(
      events.filter((event) => event.startsWith("site")),
      ["site live", "site reconnecting", "site stopped"],
    );
  });

  test("forgets a connection that was closed", () => {
    const other = createVisitorCounter({ url: "wss://example.org/prod", counter: "page:/team", visit: "v1", browser });
    site.follow(other);
    assert.equal(site.isFollowing(other), true);
    browser.sockets[0].drop();
    other.close();
    assert.equal(site.isFollowing(other), false);
    assert.equal(site.state, "reconnecting");
  });

  test("is closed without the connection", () => {
    browser.lastSocket.accept();
    site.close();
    browser.lastSocket.receiveCount(12, 12);
    browser.lastSocket.receiveCount(3, 3, 30, PAGE);
    assert.equal(site.state, "stopped");
    assert.deepEqual(events, ["site live", "page live", "site stopped", "page 3"]);
  });

  test("may have another name", () => {
    const shop = siteCounterOf(page, "shop");
    browser.lastSocket.accept().receiveCount(5, 5, 5, "shop");
    assert.equal(shop.count.live, 5);
    assert.equal(site.count, null);
  });
});

describe("elements of a page and of the site", { skip: missing }, () => {
  const URL = "wss://example.org/prod";
  const PAGE_ELEMENT = `<visitor-counter id="page" url="${URL}" counter="${PAGE}">many</visitor-counter>`;
  const SITE_ELEMENT = `<visitor-counter id="site" url="${URL}" counter="site" site>more</visitor-counter>`;
  let page;

  afterEach(() => page.close());

  /** With the timers of the page in the test's hands; timers of no wait have run. */
  async function open(html) {
    page = openPage(html);
    page.clock = controlTimers(page.window);
    page.load();
    await pass(0);
  }

  async function pass(ms) {
    await page.settle();
    page.clock.advance(ms);
    await page.settle();
  }

  async function insert(html) {
    page.document.body.insertAdjacentHTML("beforeend", html);
    await pass(0);
  }

  const element = (id) => page.document.getElementById(id);
  const counters = () => page.sockets.map(({ url }) => url.searchParams.get("counter"));
  const openCounters = () =>
    page.sockets.filter(({ closed }) => !closed).map(({ url }) => url.searchParams.get("counter"));

  for (const [order, html] of Object.entries({
    "the page's first": PAGE_ELEMENT + SITE_ELEMENT,
    "the site's first": SITE_ELEMENT + PAGE_ELEMENT,
  })) {
    test(`share one connection, ${order}`, async () => {
      await open(html);
      await pass(5000);
      assert.deepEqual(counters(), [PAGE]);
      page.sockets[0].receive(3, 3, 30, PAGE);
      page.sockets[0].receive(12, 9, 120, "site");
      assert.equal(page.shown("#page"), "3 visitors here now, 30 visits so far");
      assert.equal(page.shown("#site"), "12 visitors here now, 120 visits so far");
      assert.equal(element("site").count.counter, "site");
      assert.deepEqual(page.problems, []);
    });
  }

  test("wait for the whole document, in which the page's may come last", async () => {
    page = openPage(SITE_ELEMENT);
    page.clock = controlTimers(page.window);
    let state = "loading";
    Object.defineProperty(page.document, "readyState", { get: () => state });
    page.load();
    await pass(1000);
    assert.deepEqual(counters(), []);
    assert.equal(element("site").state, "connecting");
    await insert(PAGE_ELEMENT);
    state = "interactive";
    page.document.dispatchEvent(new page.window.Event("DOMContentLoaded"));
    await pass(1000);
    assert.deepEqual(counters(), [PAGE]);
  });

  test("without a page's the site's connects itself", async () => {
    await open(SITE_ELEMENT);
    assert.deepEqual(counters(), ["site"]);
    page.sockets[0].receive(12, 9, 120, "site");
    assert.equal(page.shown("#site"), "12 visitors here now, 120 visits so far");
  });

  test("need no name for the site's: it is site", async () => {
    await open(`<visitor-counter id="site" url="${URL}" site></visitor-counter>`);
    assert.deepEqual(counters(), ["site"]);
  });

  test("of the site's counter with and without the attribute share one connection", async () => {
    await open(`${SITE_ELEMENT}<visitor-counter url="${URL}" counter="site"></visitor-counter>`);
    assert.deepEqual(counters(), ["site"]);
  });

  test("that come later take the site's over, without a gap and without a flicker", async () => {
    await open(SITE_ELEMENT);
    page.sockets[0].receive(12, 9, 120, "site");
    const states = [];
    element("site").addEventListener("statechange", ({ detail }) => states.push(detail));
    await insert(PAGE_ELEMENT);
    assert.deepEqual(openCounters(), ["site", PAGE]);
    page.sockets[1].receive(3, 3, 30, PAGE);
    page.sockets[1].receive(13, 10, 121, "site");
    await pass(2000);
    assert.deepEqual(openCounters(), [PAGE]);
    assert.equal(page.shown("#site"), "13 visitors here now, 121 visits so far");
    assert.deepEqual(states, []);
  });

  test("that leave for good make the site's connect itself; it keeps its number", async () => {
    await open(PAGE_ELEMENT + SITE_ELEMENT);
    page.sockets[0].receive(12, 9, 120, "site");
    element("page").remove();
    await pass(1999);
    assert.deepEqual(openCounters(), [PAGE]);
    await pass(1);
    assert.deepEqual(openCounters(), ["site"]);
    assert.equal(page.shown("#site"), "12 visitors here now, 120 visits so far");
    page.sockets[1].receive(11, 10, 120, "site");
    assert.equal(element("site").count.live, 11);
    assert.equal(element("site").state, "live");
  });

  test("that leave are waited for while other elements come", async () => {
    await open(PAGE_ELEMENT + SITE_ELEMENT);
    element("page").remove();
    await pass(1000);
    await insert('<visitor-counter url="wss://example.com/prod" counter="other"></visitor-counter>');
    assert.deepEqual(openCounters(), [PAGE, "other"]);
    await insert(PAGE_ELEMENT);
    await pass(5000);
    assert.deepEqual(openCounters(), [PAGE, "other"]);
  });

  test("follow a visit from page to page: the site's goes to the next page's connection", async () => {
    await open(PAGE_ELEMENT + SITE_ELEMENT);
    page.sockets[0].receive(12, 9, 120, "site");
    element("page").setAttribute("counter", "page:/team");
    await pass(0);
    page.sockets[1].receive(12, 10, 120, "site");
    assert.equal(element("site").count.version, 10, "at once, not only when the first connection closes");
    await pass(2000);
    assert.deepEqual(counters(), [PAGE, "page:/team"]);
    assert.deepEqual(openCounters(), ["page:/team"]);
    const visits = page.sockets.map(({ url }) => url.searchParams.get("visit"));
    assert.equal(visits[0], visits[1]);
    page.sockets[1].receive(13, 11, 121, "site");
    assert.equal(element("site").count.live, 13);
  });

  test("of several pages: the site's moves to another when one leaves", async () => {
    await open(`${PAGE_ELEMENT}<visitor-counter url="${URL}" counter="page:/team"></visitor-counter>${SITE_ELEMENT}`);
    assert.deepEqual(counters(), [PAGE, "page:/team"]);
    element("page").remove();
    await pass(2000);
    assert.deepEqual(openCounters(), ["page:/team"]);
    page.sockets[1].receive(12, 9, 120, "site");
    assert.equal(element("site").count.live, 12);
  });

  test("of another server, and those that only watch, are not used", async () => {
    const other = `<visitor-counter url="wss://example.com/prod" counter="${PAGE}"></visitor-counter>`;
    const watching = `<visitor-counter url="${URL}" counter="${PAGE}" watch></visitor-counter>`;
    await open(other + watching + SITE_ELEMENT);
    assert.deepEqual(counters(), [PAGE, PAGE, "site"]);
    assert.deepEqual(
      page.sockets.map(({ url }) => url.searchParams.get("watch")),
      [null, "1", null],
    );
  });

  test("that both watch share one connection, and ask for both counts", async () => {
    await open((SITE_ELEMENT + PAGE_ELEMENT).replaceAll("<visitor-counter", "<visitor-counter watch"));
    assert.deepEqual(counters(), [PAGE]);
    page.sockets[0].accept();
    assert.deepEqual(page.sockets[0].sent, ['{"action":"count"}', '{"action":"count","counter":"site"}']);
  });

  test("removed and inserted again within two seconds keep the connection and both numbers", async () => {
    await open(PAGE_ELEMENT + SITE_ELEMENT);
    page.sockets[0].receive(3, 3, 30, PAGE);
    page.sockets[0].receive(12, 9, 120, "site");
    const [first, second] = [element("page"), element("site")];
    first.remove();
    second.remove();
    await pass(1999);
    page.document.body.append(second, first);
    await pass(10_000);
    assert.deepEqual(openCounters(), [PAGE]);
    assert.equal(second.count.live, 12);
    assert.equal(first.count.live, 3);
  });

  test("removed for good leave no connection and no timer of theirs", async () => {
    await open(PAGE_ELEMENT + SITE_ELEMENT);
    page.document.body.innerHTML = "";
    await pass(2000);
    await pass(2000);
    assert.deepEqual(openCounters(), []);
    await insert(SITE_ELEMENT);
    element("site").remove();
    await pass(2000);
    assert.deepEqual(openCounters(), []);
    assert.equal(page.clock.timers, 0);
  });

  test("removed before it could connect, the site's never does", async () => {
    page = openPage(SITE_ELEMENT);
    page.clock = controlTimers(page.window);
    Object.defineProperty(page.document, "readyState", { value: "loading" });
    page.load();
    await pass(0);
    element("site").remove();
    await pass(2000);
    page.document.dispatchEvent(new page.window.Event("DOMContentLoaded"));
    await pass(0);
    assert.deepEqual(counters(), []);
  });

  test("with an invalid address are reported and leave the others alone", async () => {
    await open(`<visitor-counter url="https://example.org" site></visitor-counter>${PAGE_ELEMENT}`);
    assert.deepEqual(counters(), [PAGE]);
    assert.equal(page.problems.length, 1);
    assert.match(page.problems[0], /the url must begin with wss/);
  });
});
