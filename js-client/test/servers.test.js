import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const FOLDER = fileURLToPath(new URL("..", import.meta.url));
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith(".js"));

function node(...args) {
  return execFileSync(process.execPath, args, { encoding: "utf8", stdio: "pipe", timeout: 20_000 });
}

describe("without a browser", () => {
  test("there are files to import", () => assert.ok(FILES.length >= 5, String(FILES)));

  for (const name of FILES) {
    const address = pathToFileURL(FOLDER + name);

    test(`a server imports ${name}, and goes on`, () => {
      const script = `await import("${address}"); setTimeout(() => console.log("still here"), 20)`;
      assert.equal(node("--input-type=module", "-e", script).trim(), "still here");
    });

    test(`a worker imports ${name}`, () => {
      const worker = `import("${address}").then(() => setTimeout(() => postMessage("still here"), 20))`;
      const script = `
        const { Worker } = require("node:worker_threads");
        const worker = new Worker(${JSON.stringify(`const { parentPort } = require("node:worker_threads");
          const postMessage = (text) => parentPort.postMessage(text); globalThis.self = globalThis; ${worker}`)}, { eval: true });
        worker.on("message", (text) => console.log(text));`;
      assert.equal(node("-e", script).trim(), "still here");
    });
  }
});
