/**
 * Defines `<visitor-counter>`. Loaded twice, or in two versions, it leaves the first definition in place. On servers and in
 * workers, where there are no elements, it does nothing.
 */
import { VisitorCounterElement } from "./visitor-counter-element.js";

const { customElements } = globalThis;
if (customElements && !customElements.get("visitor-counter")) {
  customElements.define("visitor-counter", VisitorCounterElement);
}

export { VisitorCounterElement };
export { createVisitorCounter } from "./visitor-counter-socket.js";
