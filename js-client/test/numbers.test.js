import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { NewestCount, parseFrame } from "../internal/counts.js";
import { retryDelay } from "../internal/visitor-counter.js";

const golden = (name) => JSON.parse(readFileSync(new URL(`golden/${name}`, import.meta.url), "utf8"));

describe("a frame", () => {
  const { counter, cases } = golden("frames.json");
  for (const { name, frame, count } of cases) {
    test(`${count ? "counts" : "is foreign"}: ${name}`, () => assert.deepEqual(parseFrame(frame, counter), count));
  }

  test("is foreign: binary data", () => assert.equal(parseFrame(new ArrayBuffer(8), counter), null));

  test("of any counter counts when the page did not ask for one", () => {
    const shop = cases.find((each) => each.from === "another counter");
    assert.equal(parseFrame(shop.frame)?.counter, "shop");
  });
});

describe("versions", () => {
  for (const { name, frames } of golden("versions.json").cases) {
    test(name, () => {
      const newest = new NewestCount();
      for (const { version, connection, ageMinutes, shown } of frames) {
        const count = { counter: "site", live: version, total: version, version };
        const before = newest.count;
        assert.equal(newest.accept(count, connection, ageMinutes * 60_000), shown, `version ${version}`);
        assert.equal(newest.count, shown ? count : before);
      }
    });
  }
});

describe("the wait before a retry", () => {
  test("has a ceiling that doubles from a second to five minutes", () => {
    const almostOne = () => 1 - Number.EPSILON;
    const seconds = [0, 1, 2, 3, 8, 9, 2000].map((failures) => Math.round(retryDelay(failures, almostOne) / 1000));
    assert.deepEqual(seconds, [1, 2, 4, 8, 256, 300, 300]);
  });

  test("begins at nothing, at every attempt", () => {
    for (const failures of [0, 5, 50])
      assert.equal(
        retryDelay(failures, () => 0),
        0,
      );
  });

  test("spreads a herd evenly", () => {
    // A fixed sequence instead of chance: the same evenly spread draws in every run.
    let draw = 0;
    const random = () => (draw++ % 50) / 50;
    const waits = Array.from({ length: 50 }, () => retryDelay(4, random));
    for (let second = 0; second < 16; second += 4) {
      const here = waits.filter((ms) => ms >= second * 1000 && ms < (second + 4) * 1000).length;
      assert.ok(here >= 12 && here <= 13, `${here} of 50 between ${second} s and ${second + 4} s`);
    }
  });
});
