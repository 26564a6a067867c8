/**
 * The element's class. Importing it has no side effect and needs no browser; `visitor-counter.js` defines it as
 * `<visitor-counter>`.
 */

import { share } from "./internal/sharing.js";
import { View } from "./internal/view.js";
import { PLURALS, wordsOf } from "./internal/words.js";

export const VERSION = "0.1.0";

/** Assistive technology gets at most one announcement in this time. */
const ANNOUNCE_EVERY_MS = 10_000;

const CONNECTION_ATTRIBUTES = ["url", "counter", "visitor", "watch", "site", "count-url"];
const TEXT_ATTRIBUTES = ["live", "total"].flatMap((name) => PLURALS.map((plural) => `${name}-${plural}`));
/** @type {Record<string, string[]>} */
/** Connected well enough for the number to be current. */
const FRESH = ["live", "polling"];
const CHOICES = { look: ["inline", "badge", "large"], show: ["both", "live", "total"] };

/** Servers and workers have no elements; the class can be imported there, but not used. */
const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

/**
 * `<visitor-counter url="wss://…" counter="home">`: how many visitors are here now, how many have ever come.
 *
 * The attributes are the source of truth; README.md lists them. The element's content is shown until the first count
 * arrives. The element writes no attribute on itself, because frameworks compare attributes when they hydrate a page:
 * style sheets see the connection's state as custom state, `:state(offline)`, and as the part `stale`; the custom state
 * `few` says that no number is shown because of `from`.
 *
 * @implements {import("./visitor-counter-element.js").VisitorCounterElement}
 */
export class VisitorCounterElement extends Base {
  static observedAttributes = [
    ...["quiet", "compact", "lang", "stale-label", "from"],
    ...Object.keys(CHOICES),
    ...CONNECTION_ATTRIBUTES,
    ...TEXT_ATTRIBUTES,
  ];

  /** By language, in addition to the English labels; `visitor-counter-labels.js` sets it. @type {Record<string, import("./internal/words.js").Labels>} */
  static labels = {};

  #view = new View(this.attachShadow({ mode: "open" }));
  /** Absent in old browsers. @type {CustomStateSet | undefined} */
  #states = this.attachInternals?.().states;
  /** @type {string | undefined} */
  #shownStates;
  /** @type {ReturnType<typeof share> | null} */
  #connection = null;
  /** @type {{reconnect: boolean} | null} requested and not done yet */
  #update = null;
  /** The text of the next announcement. */
  #announcement = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #announceTimer;

  get count() {
    return this.#connection?.counter.count ?? null;
  }

  get state() {
    return this.#connection?.counter.state ?? "stopped";
  }

  connectedCallback() {
    document.addEventListener("visibilitychange", this.#onVisibility);
    this.#updateSoon({ reconnect: this.#connection === null });
  }

  disconnectedCallback() {
    // An element that is only moved is connected again before the update, and keeps its connection.
    document.removeEventListener("visibilitychange", this.#onVisibility);
    this.#updateSoon({ reconnect: false });
  }

  adoptedCallback() {
    this.#view.useStyles();
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} after
   */
  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    if (after && CHOICES[name]) warnUnlessIn(CHOICES[name], name, after);
    this.#updateSoon({ reconnect: CONNECTION_ATTRIBUTES.includes(name) });
  }

  /**
   * Several changes in a row make one update.
   *
   * @param {{reconnect: boolean}} update
   */
  #updateSoon({ reconnect }) {
    if (this.#update === null) queueMicrotask(() => this.#updateNow());
    this.#update = { reconnect: reconnect || this.#update?.reconnect === true };
  }

  #updateNow() {
    const reconnect = this.#update?.reconnect;
    this.#update = null;
    if (reconnect || !this.isConnected) this.#disconnect();
    if (reconnect && this.isConnected) this.#connect();
    if (this.isConnected) this.#render();
  }

  #connect() {
    const [url, counter, visitor] = CONNECTION_ATTRIBUTES.map((name) => this.getAttribute(name) || undefined);
    const countUrl = this.getAttribute("count-url") || undefined;
    if (!url) return;
    try {
      const options = { url, counter, visitor, watch: this.hasAttribute("watch"), countUrl };
      this.#connection = share(options, this.hasAttribute("site"));
    } catch (error) {
      // An invalid address must not stop the page's other scripts; the element's content stays.
      console.error(error);
      return;
    }
    for (const type of ["count", "statechange"]) this.#connection.counter.addEventListener(type, this.#onEvent);
  }

  #disconnect() {
    this.#stopAnnouncing();
    if (this.#connection === null) return;
    for (const type of ["count", "statechange"]) this.#connection.counter.removeEventListener(type, this.#onEvent);
    this.#connection.release();
    this.#connection = null;
  }

  /** @param {Event} event */
  #onEvent = (event) => {
    try {
      this.#render();
    } finally {
      const { detail } = /** @type {CustomEvent} */ (event);
      this.dispatchEvent(new CustomEvent(event.type, { detail }));
    }
  };

  /** A hidden tab gets no announcements and runs no timer for them. */
  #onVisibility = () => {
    if (document.hidden) this.#stopAnnouncing();
    else this.#render();
  };

  #render() {
    const { count, state } = this;
    if (count === null) {
      this.#showStates(state);
      return this.#view.showFallback();
    }
    this.#view.quiet = this.hasAttribute("quiet");
    const words = wordsOf(this, VisitorCounterElement.labels);
    /** @type {(name: "live" | "total", other: string) => import("./internal/words.js").Words | null} */
    const wordsIfShown = (name, other) =>
      this.getAttribute("show") === other || count[name] < Number(this.getAttribute("from"))
        ? null
        : words(name, count[name]);
    this.#view.showCount(wordsIfShown("live", "total"), wordsIfShown("total", "live"));
    const { text } = this.#view;
    this.#showStates(text ? state : `${state} few`);
    this.#announcement = !text || FRESH.includes(state) ? text : `${text}, ${words("stale-label", 0).before}`;
    this.#announce();
  }

  /** @param {string} states the connection's, and `few` */
  #showStates(states) {
    if (states === this.#shownStates) return;
    this.#shownStates = states;
    this.#view.stale = !FRESH.includes(this.state);
    try {
      this.#states?.clear();
      for (const each of states.split(" ")) this.#states?.add(each);
    } catch {
      // Browsers of before 2024 allow only names that begin with two dashes. They have the part `stale`.
    }
  }

  /** The first number at once; then, if the text is different, the latest one at the end of the interval. */
  #announce() {
    if (this.#view.announced === "" || this.#announcement === "") return this.#view.announce(this.#announcement);
    if (document.hidden || this.#announceTimer !== undefined || this.#view.announced === this.#announcement) return;
    this.#announceTimer = setTimeout(() => {
      this.#announceTimer = undefined;
      this.#view.announce(this.#announcement);
    }, ANNOUNCE_EVERY_MS);
  }

  #stopAnnouncing() {
    clearTimeout(this.#announceTimer);
    this.#announceTimer = undefined;
  }
}

const warned = new Set();

/**
 * @param {string[]} allowed
 * @param {string} name
 * @param {string} value
 */
function warnUnlessIn(allowed, name, value) {
  const text = `visitor-counter: ${name}="${value}" is unknown; it must be one of ${allowed.join(", ")}.`;
  if (allowed.includes(value) || warned.has(text)) return;
  warned.add(text);
  console.warn(text);
}
