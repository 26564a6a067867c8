import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { SHIPPED, pathOf } from "../tools/shipped.js";

describe("the lines with hashes", () => {
  const printed = execFileSync(process.execPath, [pathOf("tools/sri.js"), "https://cdn.example.org/vc"], { encoding: "utf8" });

  for (const name of SHIPPED) {
    test(`name ${name} with the hash of its content`, () => {
      const line = printed.split("\n").find((each) => each.includes(`"https://cdn.example.org/vc/${name}"`));
      const digest = createHash("sha384").update(readFileSync(pathOf(name))).digest("base64");
      assert.ok(line?.includes(`integrity="sha384-${digest}" crossorigin`), line);
    });
  }

  test("cover every file that the first one leads to", () => {
    const imports = SHIPPED.flatMap((name) => [...readFileSync(pathOf(name), "utf8").matchAll(/(?:from |^import\()"\.\/(.+?)"/gm)]);
    assert.ok(imports.length >= 2);
    for (const [, name] of imports) assert.ok(SHIPPED.includes(name), name);
  });
});
