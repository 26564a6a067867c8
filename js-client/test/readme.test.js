import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { README, snippets } from "../test-support/readme.js";
import { missing, TOOLS } from "../test-support/tools.js";

describe("the README", () => {
  test("names the hash of the one file, wherever it names one", () => {
    const content = readFileSync(new URL("../visitor-counter.min.js", import.meta.url));
    const hash = `sha384-${createHash("sha384").update(content).digest("base64")}`;
    const named = README.match(/sha384-[A-Za-z0-9+/=]+/g);
    assert.ok(named.length > 0);
    for (const each of named) assert.equal(each, hash);
  });

  test("has snippets that strict TypeScript accepts", { skip: missing }, () => {
    const folder = `${TOOLS}target/snippets/`;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const here = (code) => code.replaceAll("./visitor-counter/", "../../../");
    let count = 0;
    for (const [language, extension] of Object.entries({ js: "ts", ts: "ts", tsx: "tsx" })) {
      for (const code of snippets(language)) writeFileSync(`${folder}${++count}.${extension}`, here(code));
    }
    assert.ok(count >= 3);
    writeFileSync(
      `${folder}attributes.tsx`,
      `/// <reference path="../../../visitor-counter-react.d.ts" />
      export const Both = () => <>
        <visitor-counter url="wss://example.org" counter="page:/prices" count-url="/count" compact from={10} />
        <visitor-counter url="wss://example.org" site watch={false} from="10" />
      </>;`,
    );
    const wrong =
      'const element = document.createElement("visitor-counter");\nelement.addEventListener("count", ({ detail }) => detail.lives);\n';
    writeFileSync(`${folder}wrong.ts`, `import "../../../visitor-counter.js";\n${wrong}`);
    writeFileSync(
      `${folder}tsconfig.json`,
      JSON.stringify({
        extends: "../../tsconfig.json",
        compilerOptions: {
          paths: { react: ["../../node_modules/@types/react"], "react/*": ["../../node_modules/@types/react/*"] },
        },
        include: ["*.ts", "*.tsx"],
        exclude: [],
      }),
    );
    const { stdout } = spawnSync(process.execPath, [`${TOOLS}node_modules/typescript/bin/tsc`, "-p", folder], {
      encoding: "utf8",
    });
    assert.match(
      stdout,
      /^[^\n]*wrong\.ts[^\n]*lives[^\n]*\n?( [^\n]*\n)*$/,
      "one error, in the snippet that is wrong",
    );
  });
});
