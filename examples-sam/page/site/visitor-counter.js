/**
 * Defines `<visitor-counter>`. This is the file that a page names, as a module or as a classic script; loaded twice, or
 * in two versions, it leaves the first definition in place.
 */
import("./visitor-counter-element.js").then(({ VisitorCounterElement }) => {
  if (!customElements.get("visitor-counter")) customElements.define("visitor-counter", VisitorCounterElement);
});
