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
