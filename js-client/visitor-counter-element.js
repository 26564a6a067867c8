/**
 * The element's class. Importing it has no side effect and needs no browser; `visitor-counter.js` defines it as
 * `<visitor-counter>`. The exports that `visitor-counter-element.d.ts` does not declare are for the tests only.
 */

import { createVisitorCounter } from "./visitor-counter-socket.js";

export const VERSION = "0.1.0";

/** Assistive technology gets at most one announcement in this time. */
const ANNOUNCE_EVERY_MS = 10_000;
/** Frameworks remove elements and insert them again: the connection stays open for this long without an element. */
const REMOVAL_GRACE_MS = 2_000;

/** @typedef {Record<string, string>} Labels */

const PLURALS = ["zero", "one", "two", "few", "many", "other"];
/** @type {Labels} */
const ENGLISH = {
  "live-one": "{n} visitor here now",
  "live-other": "{n} visitors here now",
  "total-one": "{n} visit so far",
  "total-other": "{n} visits so far",
  "stale-label": "connection lost, the number may be old",
};
const CONNECTION_ATTRIBUTES = ["url", "counter", "visitor"];
const TEXT_ATTRIBUTES = ["live", "total"].flatMap((name) => PLURALS.map((plural) => `${name}-${plural}`));
/** @type {Record<string, string[]>} */
const CHOICES = { look: ["inline", "badge", "large"], show: ["both", "live", "total"] };

const STYLE = `
:host { position: relative; font-variant-numeric: tabular-nums }
:host([hidden]) { display: none }
:host([look="badge"]), :host([look="large"]) { display: inline-block }
:host([look="large"]) { vertical-align: top; min-height: calc(8.225em + 2lh) }
:host([look="large"][show="live"]) { min-height: calc(5em + 1lh) }
:host([look="large"][show="total"]) { min-height: calc(2.475em + 1lh) }
:host([look="badge"]) slot { display: inline-block; padding: .3em 0 }
[hidden] { display: none !important }
.status { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.figures { color: var(--visitor-counter-color, inherit) }
.number { transition: opacity .3s }
.stale .number { opacity: var(--visitor-counter-stale-opacity, .7) }
.live:not([hidden]) + .total::before { content: " · "; color: var(--visitor-counter-muted, inherit) }
.dot { display: none; flex: none; width: .55em; height: .55em; border-radius: 50%; background: var(--visitor-counter-accent, #1f9d55); margin-inline-end: .5em }
.stale .dot { background: var(--visitor-counter-stale, #8a8f98) }
:host([look="badge"]) .figures { display: inline-flex; flex-wrap: wrap; align-items: center; padding: .3em .8em; border-radius: 99em;
  background: var(--visitor-counter-background, color-mix(in srgb, currentColor 9%, transparent)) }
:host([look="badge"]) .dot { display: inline-block }
:host([look="badge"]) .live:not([hidden]) + .total { margin-inline-start: .4em }
:host([look="badge"]) .number { font-weight: 600 }
:host([look="large"]) .figures { display: grid; gap: .75em }
:host([look="large"]) .live, :host([look="large"]) .total { display: block }
:host([look="large"]) .live + .total::before { content: none !important }
:host([look="large"]) .number { display: block; font-size: 2.25em; font-weight: 600; line-height: 1.1; letter-spacing: -.02em }
:host([look="large"]) .live .number { font-size: 5em; line-height: 1 }
:host([look="large"]) .label { color: var(--visitor-counter-muted, color-mix(in srgb, currentColor 72%, transparent)) }
@media (prefers-reduced-motion: reduce) { .number { transition: none } }
`;

/** Servers and workers have no elements; the class can be imported there, but not used. */
const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

/**
 * `<visitor-counter url="wss://…" counter="home">`: how many visitors are here now, how many have ever come.
 *
 * The attributes are the source of truth; README.md lists them. The element's content is shown until the first count
 * arrives. The element writes no attribute on itself, because frameworks compare attributes when they hydrate a page:
 * style sheets see the connection's state as custom state, `:state(offline)`, and as the part `stale`.
 *
 * @implements {import("./visitor-counter-element.js").VisitorCounterElement}
 */
export class VisitorCounterElement extends Base {
  static observedAttributes = [
    ...["quiet", "compact", "lang", "stale-label"],
    ...Object.keys(CHOICES),
    ...CONNECTION_ATTRIBUTES,
    ...TEXT_ATTRIBUTES,
  ];

  /** By language, in addition to the English labels; `visitor-counter-labels.js` sets it. @type {Record<string, Labels>} */
  static labels = {};

  #view = new View(this.attachShadow({ mode: "open" }));
  /** Absent in old browsers. @type {CustomStateSet | undefined} */
  #states = this.attachInternals?.().states;
  /** @type {string | undefined} */
  #shownState;
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
    if (!url) return;
    try {
      this.#connection = share({ url, counter, visitor });
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
    this.#showState(state);
    if (count === null) return this.#view.showFallback();
    this.#view.quiet = this.hasAttribute("quiet");
    const show = this.getAttribute("show");
    const words = wordsOf(this, VisitorCounterElement.labels);
    this.#view.showCount(
      show === "total" ? null : words("live", count.live),
      show === "live" ? null : words("total", count.total),
    );
    this.#announcement = this.#view.text + (state === "live" ? "" : `, ${words("stale-label", 0).before}`);
    this.#announce();
  }

  /** @param {string} state */
  #showState(state) {
    if (state === this.#shownState) return;
    this.#shownState = state;
    this.#view.stale = state !== "live";
    try {
      this.#states?.clear();
      this.#states?.add(state);
    } catch {
      // Browsers of before 2024 allow only names that begin with two dashes. They have the part `stale`.
    }
  }

  /** The first count at once; then, if the text is different, the latest one at the end of the interval. */
  #announce() {
    if (this.#view.announced === "") return this.#view.announce(this.#announcement);
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

/** @typedef {{before: string, number: string, after: string}} Words */

/**
 * The words around the numbers, in the page's language.
 *
 * @param {Element} element
 * @param {Record<string, Labels>} [labels] by language
 */
export function wordsOf(element, labels = {}) {
  const lang = element.closest("[lang]")?.getAttribute("lang") || globalThis.navigator?.language || "en";
  const ofLanguage = labels[lang] ?? labels[lang.split("-")[0]] ?? ENGLISH;

  /**
   * @param {string} name
   * @param {number} value
   * @returns {Words}
   */
  return (name, value) => {
    let number = String(value);
    let plural = value === 1 ? "one" : "other";
    try {
      const notation = element.hasAttribute("compact") ? "compact" : "standard";
      number = new Intl.NumberFormat(lang, { notation }).format(value);
      plural = new Intl.PluralRules(lang).select(value);
    } catch {
      // `lang` is free text on a page, and not every DOM has `Intl`.
    }
    const names = [`${name}-${plural}`, `${name}-other`, name];
    // The page's words come first: a page that gives only `live-other` uses it for every number.
    const label =
      names.map((each) => element.getAttribute(each)).find((text) => text !== null) ??
      [ofLanguage, ENGLISH].flatMap((each) => names.map((name) => each[name])).find(Boolean);
    const [before, ...after] = /** @type {string} */ (label).split("{n}");
    return { before: before.trim(), number, after: after.join("").trim() };
  };
}

/** Constructed style sheets belong to one document. @type {WeakMap<Document, CSSStyleSheet>} */
const sheets = new WeakMap();

/** @param {Document} document */
function styleSheetOf(document) {
  let sheet = sheets.get(document);
  if (!sheet) {
    sheet = new /** @type {any} */ (document.defaultView).CSSStyleSheet();
    /** @type {CSSStyleSheet} */ (sheet).replaceSync(STYLE);
    sheets.set(document, /** @type {CSSStyleSheet} */ (sheet));
  }
  return /** @type {CSSStyleSheet} */ (sheet);
}

/** The shadow tree. Writes only what changed. */
class View {
  #slot = document.createElement("slot");
  #figures = part("figures");
  #live = new Figure("live");
  #total = new Figure("total");
  #status = part("status");
  #root;

  /** @param {ShadowRoot} root */
  constructor(root) {
    this.#root = root;
    // The figures change with every visitor; the status, which is announced, changes at most every 10 s.
    this.#figures.setAttribute("aria-hidden", "true");
    this.#figures.hidden = true;
    this.#status.setAttribute("role", "status");
    this.quiet = false;
    this.#figures.append(part("dot"), this.#live.node, this.#total.node);
    root.append(this.#slot, this.#figures, this.#status);
    this.useStyles();
  }

  /** Moving an element to another document, such as an iframe's, removes its style sheets. */
  useStyles() {
    try {
      this.#root.adoptedStyleSheets = [styleSheetOf(this.#root.ownerDocument)];
    } catch {
      // Old browsers, and DOMs that are none, have no constructed style sheets.
      const style = document.createElement("style");
      style.textContent = STYLE;
      this.#root.append(style);
    }
  }

  /** @param {boolean} stale */
  set stale(stale) {
    this.#figures.classList.toggle("stale", stale);
    this.#figures.setAttribute("part", this.#figures.className);
  }

  get text() {
    return [this.#live.text, this.#total.text].filter(Boolean).join(", ");
  }

  /** @param {boolean} quiet */
  set quiet(quiet) {
    const live = quiet ? "off" : "polite";
    if (this.#status.getAttribute("aria-live") !== live) this.#status.setAttribute("aria-live", live);
  }

  get announced() {
    return this.#status.textContent ?? "";
  }

  /** @param {string} text */
  announce(text) {
    write(this.#status, text);
  }

  showFallback() {
    hide(this.#slot, false);
    hide(this.#figures, true);
    this.announce("");
  }

  /**
   * @param {Words | null} live
   * @param {Words | null} total
   */
  showCount(live, total) {
    hide(this.#slot, true);
    hide(this.#figures, false);
    this.#live.show(live);
    this.#total.show(total);
  }
}

/** A number and its label. */
class Figure {
  node;
  #before = part("label");
  #number = part("number");
  #after = part("label");

  /** @param {"live" | "total"} name */
  constructor(name) {
    this.node = part(name);
    this.node.append(this.#before, " ", this.#number, " ", this.#after);
  }

  get text() {
    return this.node.hidden
      ? ""
      : [this.#before, this.#number, this.#after]
          .map((each) => each.textContent)
          .filter(Boolean)
          .join(" ");
  }

  /** @param {Words | null} words null to hide it */
  show(words) {
    hide(this.node, words === null);
    if (words === null) return;
    write(this.#before, words.before);
    write(this.#after, words.after);
    const first = this.#number.textContent === "";
    if (write(this.#number, words.number) && !first) nudge(this.#number);
  }
}

/** @param {string} name */
function part(name) {
  const node = document.createElement("span");
  node.className = name;
  node.setAttribute("part", name);
  return node;
}

/**
 * Hiding what is hidden already would make the browser compute styles again.
 *
 * @param {HTMLElement} node
 * @param {boolean} hidden
 */
function hide(node, hidden) {
  if (node.hidden !== hidden) node.hidden = hidden;
}

/**
 * @param {Element} node
 * @param {string} text
 * @returns {boolean} whether the text changed
 */
function write(node, text) {
  if (node.textContent === text) return false;
  node.textContent = text;
  return true;
}

/** @param {Element} node */
function nudge(node) {
  if (globalThis.matchMedia?.("(prefers-reduced-motion: reduce)")?.matches) return;
  node.animate?.([{ opacity: 0.35 }, { opacity: 1 }], { duration: 400, easing: "ease-out" });
}

/**
 * Elements that show the same counter share one connection: one visitor on one page counts once.
 *
 * @type {Map<string, {counter: import("./visitor-counter-socket.js").VisitorCounter, users: number, timer?: any}>}
 */
const shared = new Map();

/** @param {import("./visitor-counter-socket.js").VisitorCounterOptions} options */
function share(options) {
  const key = JSON.stringify(options);
  const entry = shared.get(key) ?? { counter: createVisitorCounter(options), users: 0 };
  shared.set(key, entry);
  clearTimeout(entry.timer);
  entry.users++;
  return {
    counter: entry.counter,
    release() {
      if (--entry.users > 0) return;
      entry.timer = setTimeout(() => {
        shared.delete(key);
        entry.counter.close();
      }, REMOVAL_GRACE_MS);
    },
  };
}
