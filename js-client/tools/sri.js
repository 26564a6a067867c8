/**
 * Prints the line for a page whose browser runs exactly this file or none (subresource integrity).
 *
 *     node sri.js [address of the folder, by default /visitor-counter/]
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const NAME = "visitor-counter.min.js";
const folder = (process.argv[2] ?? "/visitor-counter/").replace(/\/?$/, "/");
const content = readFileSync(new URL(`../${NAME}`, import.meta.url));
const hash = createHash("sha384").update(content).digest("base64");
console.log(`<script src="${folder}${NAME}" integrity="sha384-${hash}" crossorigin defer></script>`);
