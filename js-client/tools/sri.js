/**
 * Prints the lines for a page that names each file's hash (subresource integrity), so that the browser runs these files
 * or none: for copies on a host that you trust less than your own.
 *
 *     node tools/sri.js [address of the folder, by default /visitor-counter/]
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { SHIPPED, pathOf } from "./shipped.js";

const folder = (process.argv[2] ?? "/visitor-counter/").replace(/\/?$/, "/");
const hash = (name) => `sha384-${createHash("sha384").update(readFileSync(pathOf(name))).digest("base64")}`;

const [entry, ...imported] = SHIPPED;
// What a script imports has no integrity attribute of its own: preloaded with a hash, it is checked all the same.
for (const name of imported) {
  console.log(`<link rel="modulepreload" href="${folder}${name}" integrity="${hash(name)}" crossorigin>`);
}
console.log(`<script type="module" src="${folder}${entry}" integrity="${hash(entry)}" crossorigin></script>`);
