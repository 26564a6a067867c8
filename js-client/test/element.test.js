import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { wordsOf } from "../internal/words.js";
import { VERSION, VisitorCounterElement } from "../visitor-counter-element.js";

/** As much of an element as words need. */
function elementWith(attributes = {}, lang = "en") {
  return {
    getAttribute: (name) => attributes[name] ?? null,
    hasAttribute: (name) => name in attributes,
    closest: (selector) => (selector === "[lang]" ? { getAttribute: () => lang } : null),
  };
}

function text(attributes, lang, name, value) {
  const { before, number, after } = wordsOf(elementWith(attributes, lang))(name, value);
  return [before, number, after].filter(Boolean).join(" ");
}

describe("the words", () => {
  test("are English ones, in the singular where it belongs", () => {
    assert.equal(text({}, "en", "live", 1), "1 visitor here now");
    assert.equal(text({}, "en", "live", 0), "0 visitors here now");
    assert.equal(text({}, "en", "total", 1), "1 visit so far");
    assert.equal(text({}, "en", "total", 1234567), "1,234,567 visits so far");
  });

  test("are the page's, by the plural forms of its language", () => {
    const polish = {
      "live-one": "{n} gość",
      "live-few": "{n} goście",
      "live-many": "{n} gości",
      "live-other": "{n} gościa",
    };
    const seen = [1, 3, 5, 22].map((value) => text(polish, "pl", "live", value));
    assert.deepEqual(seen, ["1 gość", "3 goście", "5 gości", "22 goście"]);
  });

  test("are the page's only words, when it gives no more than one form", () => {
    assert.equal(text({ "live-other": "{n} online" }, "en", "live", 1), "1 online");
  });

  test("stand where the page puts them", () => {
    const { before, number, after } = wordsOf(elementWith({ "total-other": "Already {n} of you!" }))("total", 5);
    assert.deepEqual([before, number, after], ["Already", "5", "of you!"]);
  });

  test("may be left out altogether", () => assert.equal(text({ "live-other": "{n}" }, "en", "live", 7), "7"));

  test("come with numbers as the language writes them", () => {
    assert.equal(text({ "total-other": "{n}" }, "de", "total", 1234567), "1.234.567");
    assert.equal(text({ "total-other": "{n}", compact: "" }, "en", "total", 1234567), "1.2M");
  });

  test("name a compact number in full for screen readers", () => {
    const spoken = (lang, attributes) => wordsOf(elementWith(attributes, lang))("total", 1234).spoken;
    assert.equal(spoken("en", { compact: "" }), "1.2 thousand");
    assert.equal(spoken("de", { compact: "" }), "1,2 Tausend");
    assert.equal(spoken("en", {}), "1,234");
  });

  test("survive a language that is none", () => assert.match(text({}, "no such language!", "live", 7), /^7 visitors/));
});

describe("the definition", () => {
  test("carries the project's version, and so does the package", () => {
    const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), "utf8");
    const [, version] = read("tools/pom.xml").match(/<version>(.+?)(?:-SNAPSHOT)?<\/version>/);
    assert.equal(VERSION, version);
    assert.equal(JSON.parse(read("package.json")).version, version);
  });

  test("is left to another file: to import the class needs no browser and defines nothing", () => {
    assert.equal(typeof VisitorCounterElement, "function");
    assert.equal(globalThis.customElements, undefined);
  });

  test("tolerates being loaded twice", async () => {
    const defined = new Map();
    let reached = resolvers();
    globalThis.customElements = {
      get: (name) => {
        reached.resolve();
        return defined.get(name);
      },
      define: (name, type) => {
        assert.ok(!defined.has(name), "a second define throws in a browser");
        defined.set(name, type);
      },
    };
    await import("../visitor-counter.js?first");
    await reached.promise;
    reached = resolvers();
    await import("../visitor-counter.js?second");
    await reached.promise;
    assert.deepEqual([...defined], [["visitor-counter", VisitorCounterElement]]);
    delete globalThis.customElements;
  });
});

function resolvers() {
  let resolve;
  return { promise: new Promise((done) => (resolve = done)), resolve };
}
