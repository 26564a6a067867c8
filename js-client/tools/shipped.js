import { fileURLToPath } from "node:url";

/** The files that a site copies, the one that the page names first. */
export const SHIPPED = ["visitor-counter.js", "visitor-counter-element.js", "visitor-counter-socket.js"];

export function pathOf(name) {
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}
