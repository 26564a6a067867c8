/** The packages of `tools`, for tests that need them: tests are in another folder, where Node would not find them. */

import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const TOOLS = fileURLToPath(new URL("../tools/", import.meta.url));
export const requireTool = createRequire(new URL("../tools/package.json", import.meta.url));
/** Why such a test is skipped, or false. */
export const missing = existsSync(new URL("../tools/node_modules/", import.meta.url))
  ? false
  : 'the packages are not installed; run "npm ci" in js-client/tools';
