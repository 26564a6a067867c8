/**
 * What a page loads, minified and gzipped: each file, and all of them bundled into one. Fails above the target, so that
 * the element stays small.
 */

import { buildSync } from "esbuild";
import { gzipSync } from "node:zlib";
import { SHIPPED, pathOf } from "./shipped.js";

const TARGET_BYTES = 5000;

function size(name, bundle) {
  const { outputFiles } = buildSync({
    entryPoints: [pathOf(name)],
    bundle,
    minify: true,
    format: "esm",
    write: false,
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

const bytes = (number) => `${number.toLocaleString("en-US").padStart(6)} bytes`;

console.log("Minified and gzipped:");
for (const name of SHIPPED) console.log(`${bytes(size(name, false))}  ${name}`);
const everything = size("visitor-counter.js", true);
console.log(`${bytes(everything)}  everything in one file (target: at most ${TARGET_BYTES.toLocaleString("en-US")})`);
if (everything > TARGET_BYTES) {
  console.error(`js-client: ${everything - TARGET_BYTES} bytes above the target. Make it smaller, or raise TARGET_BYTES in tools/size.js.`);
  process.exitCode = 1;
}
