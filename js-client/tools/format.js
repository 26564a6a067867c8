/** Formats the folder's files with Prettier (`--write`), or fails if one is not formatted (`--check`). */

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const FILES = [
  "*.{js,ts,json}",
  "{internal,demo,test,test-support}/*.{js,html,css}",
  "tools/*.{js,json}",
  "!visitor-counter.min.js",
  "!tools/package-lock.json",
];
const prettier = fileURLToPath(import.meta.resolve("prettier/bin/prettier.cjs"));
const { status } = spawnSync(
  process.execPath,
  [prettier, "--config", "tools/prettier.json", "--log-level", "warn", process.argv[2], ...FILES],
  { cwd: fileURLToPath(new URL("..", import.meta.url)), stdio: "inherit" },
);
process.exitCode = status ?? 1;
