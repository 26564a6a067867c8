/** Every look in every state, with made-up numbers and without a connection: the element's own drawing, held still. */

import { VisitorCounterElement } from "../visitor-counter-element.js";

const LOOKS = ["inline", "badge", "large"];
const STATES = [
  { state: "connecting", meaning: "No number yet: the element's content is shown.", count: null },
  { state: "live", meaning: "Connected.", count: { live: 12, total: 3456 } },
  {
    state: "checking",
    meaning: "The machine slept or the network changed: paler until the server answers.",
    count: { live: 12, total: 3456 },
  },
  {
    state: "reconnecting",
    meaning: "The last number stays, paler; a screen reader adds that it may be old.",
    count: { live: 12, total: 3456 },
  },
  {
    state: "polling",
    meaning: "WebSockets are blocked: the number comes over HTTP, at most about a minute late.",
    count: { live: 12, total: 3456 },
  },
  {
    state: "offline",
    meaning: "As when reconnecting, and the browser reports no network.",
    count: { live: 12, total: 3456 },
  },
  { state: "stopped", meaning: "Nothing to connect to: the element's content is shown.", count: null },
];

/** A counter that shows an example. */
class ExampleElement extends VisitorCounterElement {
  get #example() {
    return STATES.find(({ state }) => state === this.getAttribute("state")) ?? STATES[0];
  }

  /** @override */
  get state() {
    return /** @type {import("../visitor-counter-socket.js").State} */ (this.#example.state);
  }

  /** @override */
  get count() {
    const { count } = this.#example;
    return count && { counter: "example", version: 1, ...count };
  }
}

customElements.define("visitor-counter-example", ExampleElement);
document.getElementById("gallery")?.replaceChildren(...STATES.map(rowOf));

/** @param {typeof STATES[number]} example */
function rowOf({ state, meaning }) {
  const row = document.createElement("div");
  const name = document.createElement("dt");
  const title = document.createElement("code");
  title.textContent = state;
  name.append(title, ` ${meaning}`);
  row.append(name, ...LOOKS.map((look) => exampleOf(state, look)));
  return row;
}

/**
 * @param {string} state
 * @param {string} look
 */
function exampleOf(state, look) {
  const cell = document.createElement("dd");
  const example = document.createElement("visitor-counter-example");
  example.setAttribute("state", state);
  if (look !== "inline") example.setAttribute("look", look);
  example.toggleAttribute("quiet", true);
  example.textContent = "many visitors";
  cell.append(example);
  return cell;
}
