import { readFileSync } from "node:fs";

export const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** @param {string} language of the fenced blocks */
export function snippets(language) {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm"))].map(([, code]) => code);
}
