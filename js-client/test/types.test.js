import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), "utf8");

describe("the type declarations", () => {
  for (const name of [
    "visitor-counter",
    "visitor-counter-element",
    "visitor-counter-socket",
    "visitor-counter-labels",
  ]) {
    test(`of ${name}.js declare only what it exports`, async () => {
      const exported = Object.keys(await import(`../${name}.js`));
      const declared = [...read(`${name}.d.ts`).matchAll(/^export (?:const|class|function) (\w+)/gm)].map(
        ([, each]) => each,
      );
      const again = [...read(`${name}.d.ts`).matchAll(/^export \{ ([^}]*) \}/gm)]
        .flatMap(([, names]) => names.split(", "))
        .filter((each) => !each.startsWith("type "));
      assert.ok(declared.length + again.length > 0);
      for (const each of [...declared, ...again]) assert.ok(exported.includes(each), each);
    });
  }

  test("list the timing that there is", async () => {
    const { DEFAULT_TIMING } = await import("../visitor-counter-socket.js");
    const [, body] = read("visitor-counter-socket.d.ts").match(/interface Timing \{([^}]*)\}/);
    assert.deepEqual(
      [...body.matchAll(/(\w+):/g)].map(([, name]) => name),
      Object.keys(DEFAULT_TIMING),
    );
  });
});
