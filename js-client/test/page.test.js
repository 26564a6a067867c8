import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { controlTimers, openPage } from "../test-support/page.js";
import { missing } from "../test-support/tools.js";

const URL = "wss://example.org/prod";

describe("the one file in a DOM that lacks what browsers have", { skip: missing }, () => {
  let page;

  beforeEach(() => {
    page = openPage(`<visitor-counter url="${URL}">many</visitor-counter>`);
    page.load();
  });
  afterEach(() => page.close());

  test("shows the count and fires its event, for each change", async () => {
    await page.settle();
    const counts = [];
    page.document.querySelector("visitor-counter").addEventListener("count", ({ detail }) => counts.push(detail.live));
    page.sockets[0].receive(1, 1);
    page.sockets[0].receive(7, 2, 101);
    assert.deepEqual(counts, [1, 7]);
    // jsdom reports no exception of such a listener: after one, the total would be the old one.
    assert.match(page.figures(), /7 visitors here now.*101 visits so far/);
    assert.deepEqual(page.problems, []);
  });

  test("shows plain numbers without Intl", async () => {
    page.window.eval("delete globalThis.Intl");
    await page.settle();
    page.sockets[0].receive(1234, 1);
    assert.match(page.figures(), /1234 visitors here now/);
  });

  test("writes no attribute on the element", async () => {
    await page.settle();
    page.sockets[0].receive(1, 1);
    assert.deepEqual(page.document.querySelector("visitor-counter").getAttributeNames(), ["url"]);
  });

  test("is loaded twice without harm", () => {
    page.load();
    assert.deepEqual(page.problems, []);
  });
});

describe("an element that is removed", { skip: missing }, () => {
  let page;
  let element;

  beforeEach(async () => {
    page = openPage(`<main><visitor-counter url="${URL}"></visitor-counter></main>`);
    page.clock = controlTimers(page.window);
    page.load();
    await page.settle();
    element = page.document.querySelector("visitor-counter");
    page.sockets[0].receive(5, 5);
  });
  afterEach(() => page.close());

  test("and inserted again within two seconds keeps its connection and its number", async () => {
    element.remove();
    await page.settle();
    page.clock.advance(1999);
    page.document.querySelector("main").append(element);
    await page.settle();
    page.clock.advance(10_000);
    assert.deepEqual(
      page.sockets.map(({ closed }) => closed),
      [false],
    );
    assert.equal(element.count.live, 5);
    assert.match(page.figures(), /5 visitors/);
  });

  test("and replaced by another one, as by Turbo, leaves its connection to that", async () => {
    page.document.querySelector("main").innerHTML = "";
    await page.settle();
    page.document.querySelector("main").innerHTML = `<visitor-counter url="${URL}"></visitor-counter>`;
    await page.settle();
    page.clock.advance(10_000);
    assert.deepEqual(
      page.sockets.map(({ closed }) => closed),
      [false],
    );
    assert.match(page.figures(), /5 visitors/);
  });

  test("several times has the whole grace each time", async () => {
    for (let i = 0; i < 3; i++) {
      element.remove();
      await page.settle();
      page.clock.advance(1500);
      page.document.querySelector("main").append(element);
      await page.settle();
    }
    assert.equal(page.sockets.length, 1);
    assert.equal(page.sockets[0].closed, false);
  });

  test("for good closes its connection after two seconds", async () => {
    element.remove();
    await page.settle();
    assert.equal(page.sockets[0].closed, false);
    page.clock.advance(2000);
    assert.equal(page.sockets[0].closed, true);
  });

  test("elements that exchange their counters in a list open nothing twice", async () => {
    const other = element.cloneNode();
    element.setAttribute("counter", "a");
    other.setAttribute("counter", "b");
    page.document.querySelector("main").append(other);
    await page.settle();
    const before = page.sockets.length;
    element.setAttribute("counter", "b");
    other.setAttribute("counter", "a");
    await page.settle();
    page.clock.advance(10_000);
    assert.equal(page.sockets.length, before);
    assert.equal(page.sockets.filter(({ closed }) => !closed).length, 2);
  });
});

describe("numbers from a threshold on", { skip: missing }, () => {
  let page;
  let states;
  afterEach(() => page.close());

  async function open(attributes) {
    page = openPage(`<visitor-counter url="${URL}" ${attributes}>many</visitor-counter>`);
    // jsdom has no custom states.
    states = new Set();
    page.window.HTMLElement.prototype.attachInternals = () => ({ states });
    page.clock = controlTimers(page.window);
    page.load();
    await page.settle();
  }

  test("are shown one by one", async () => {
    await open('from="10"');
    page.sockets[0].receive(9, 1, 3456);
    assert.equal(page.shown(), "3,456 visits so far");
    assert.equal(page.status(), "3,456 visits so far");
    page.sockets[0].receive(10, 2, 3457);
    assert.equal(page.shown(), "10 visitors here now, 3,457 visits so far");
    assert.deepEqual([...states], ["live"]);
  });

  test("leave nothing to see or to read while all are below it, and the state says so", async () => {
    await open('from="10" show="live" look="badge"');
    assert.deepEqual([...states], ["connecting"]);
    page.sockets[0].receive(9, 1);
    assert.equal(page.shown(), "");
    assert.equal(page.status(), "");
    const { shadowRoot } = page.document.querySelector("visitor-counter");
    assert.equal(shadowRoot.querySelector(".figures").hidden, true);
    assert.equal(shadowRoot.querySelector("slot").hidden, true);
    assert.deepEqual([...states], ["live", "few"]);
    page.sockets[0].drop();
    assert.equal(page.status(), "");
    assert.deepEqual([...states], ["reconnecting", "few"]);
  });

  test("are announced at once when they are first reached, and taken back at once", async () => {
    await open('from="10" show="live"');
    page.sockets[0].receive(9, 1);
    page.sockets[0].receive(10, 2);
    assert.equal(page.status(), "10 visitors here now");
    page.sockets[0].receive(9, 3);
    assert.equal(page.status(), "");
    page.clock.advance(10_000);
    assert.equal(page.status(), "");
  });

  test("change with the attribute, and one that is no number has no effect", async () => {
    await open('from="10" show="live"');
    page.sockets[0].receive(9, 1);
    page.document.querySelector("visitor-counter").setAttribute("from", "9");
    await page.settle();
    assert.equal(page.shown(), "9 visitors here now");
    page.document.querySelector("visitor-counter").setAttribute("from", "ten");
    await page.settle();
    assert.equal(page.shown(), "9 visitors here now");
  });
});

describe("compact numbers", { skip: missing }, () => {
  let page;
  afterEach(() => page.close());

  test("are read in full, and announced again only when what is shown changes", async () => {
    page = openPage(`<visitor-counter url="${URL}" compact></visitor-counter>`);
    page.clock = controlTimers(page.window);
    page.load();
    await page.settle();
    page.sockets[0].receive(1234, 1, 1_234_567);
    assert.equal(page.shown(), "1.2K visitors here now, 1.2M visits so far");
    assert.equal(page.status(), "1.2 thousand visitors here now, 1.2 million visits so far");
    const { timers } = page.clock;
    page.sockets[0].receive(1239, 2, 1_234_572);
    assert.equal(page.clock.timers, timers, "no announcement is due");
    page.sockets[0].receive(1250, 3, 1_234_583);
    page.clock.advance(10_000);
    assert.equal(page.status(), "1.3 thousand visitors here now, 1.2 million visits so far");
  });
});

describe("an element whose sockets are blocked", { skip: missing }, () => {
  let page;
  let requests;
  afterEach(() => page.close());

  async function blocked(attributes, status = 200) {
    page = openPage(`<visitor-counter url="${URL}" counter="site" ${attributes}>many</visitor-counter>`);
    page.clock = controlTimers(page.window);
    page.window.Math.random = () => 0;
    requests = [];
    page.window.fetch = (url, options) => {
      requests.push({ url, options });
      return Promise.resolve({
        ok: status === 200,
        status,
        json: () => Promise.resolve({ counter: "site", live: 12, total: 3456, version: 981 }),
      });
    };
    page.load();
    await page.settle();
    for (let i = 0; i < 3; i++) {
      page.sockets.at(-1).drop();
      page.clock.advance(0);
    }
    await page.settle();
  }

  test("shows the count of its count-url, as current, and without credentials", async () => {
    await blocked('count-url="/count"');
    const element = page.document.querySelector("visitor-counter");
    assert.equal(page.shown(), "12 visitors here now, 3,456 visits so far");
    assert.equal(page.status(), "12 visitors here now, 3,456 visits so far");
    assert.equal(element.state, "polling");
    assert.equal(element.shadowRoot.querySelector(".stale"), null);
    assert.deepEqual(
      requests.map(({ url }) => url),
      ["https://example.org/count?counter=site"],
    );
    assert.equal(requests[0].options.credentials, "omit");
  });

  test("shows nothing of an answer with an error's status", async () => {
    await blocked('count-url="/count"', 429);
    assert.equal(page.document.querySelector("visitor-counter").count, null);
    assert.deepEqual(page.problems, [
      "visitor-counter: no count from /count, asking less and less often: Error: status 429",
    ]);
  });

  test("and that has no count-url makes no request", async () => {
    await blocked("");
    page.clock.advance(3_600_000);
    await page.settle();
    assert.deepEqual(requests, []);
    assert.equal(page.document.querySelector("visitor-counter").state, "reconnecting");
  });
});

describe("attributes", { skip: missing }, () => {
  let page;
  afterEach(() => page.close());

  test("that are empty are none", async () => {
    page = openPage(`<visitor-counter url="${URL}" counter="" visitor=""></visitor-counter><visitor-counter url="">`);
    page.load();
    await page.settle();
    assert.equal(page.sockets.length, 1);
    assert.deepEqual([...page.sockets[0].url.searchParams.keys()], ["visit"]);
    assert.deepEqual(page.problems, []);
  });

  test("that are misspelt are named once on the console", async () => {
    page = openPage('<visitor-counter look="bagde"></visitor-counter><visitor-counter look="bagde" show="both">');
    page.load();
    await page.settle();
    assert.deepEqual(page.problems, [
      'visitor-counter: look="bagde" is unknown; it must be one of inline, badge, large.',
    ]);
  });
});
