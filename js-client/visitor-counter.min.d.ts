// Defines the element and exports nothing; see visitor-counter.d.ts for what the modules export.
import "./visitor-counter-element.js";

export {};
