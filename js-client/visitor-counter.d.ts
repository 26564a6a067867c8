export { VisitorCounterElement, type VisitorCounterAttributes } from "./visitor-counter-element.js";
export { createVisitorCounter } from "./visitor-counter-socket.js";
export type { Count, State, VisitorCounter, VisitorCounterOptions } from "./visitor-counter-socket.js";
