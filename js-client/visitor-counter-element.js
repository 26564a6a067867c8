/**
 * The element's class. To import it has no side effect; `visitor-counter.js` defines it as `<visitor-counter>`.
 */

import { createVisitorCounter } from "./visitor-counter-socket.js";

export const VERSION = "0.1.0";

/** At most one announcement to assistive technology in this time. */
const ANNOUNCE_EVERY_MS = 10_000;

const PLURALS = ["zero", "one", "two", "few", "many", "other"];
/** @type {Record<string, string>} */
const LABELS = {
  "live-one": "{n} visitor here now",
  "live-other": "{n} visitors here now",
  "total-one": "{n} visit so far",
  "total-other": "{n} visits so far",
  "stale-label": "connection lost, the number may be old",
};
const CONNECTION_ATTRIBUTES = ["url", "counter", "visitor"];
const FORMAT_ATTRIBUTES = ["compact", "lang"];
const TEXT_ATTRIBUTES = [...["live", "total"].flatMap((name) => PLURALS.map((plural) => `${name}-${plural}`)), "stale-label"];

const STYLE = `
:host { position: relative; font-variant-numeric: tabular-nums }
:host([hidden]) { display: none }
:host([look="badge"]), :host([look="large"]) { display: inline-block }
[hidden] { display: none !important }
.status { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.figures { color: var(--visitor-counter-color, inherit) }
.number { transition: opacity .3s }
:host([data-state="reconnecting"]) .number, :host([data-state="offline"]) .number { opacity: var(--visitor-counter-stale-opacity, .7) }
.live:not([hidden]) + .total::before { content: " · "; color: var(--visitor-counter-muted, inherit) }
.dot { display: none; flex: none; width: .55em; height: .55em; border-radius: 50%; background: var(--visitor-counter-accent, #1f9d55); margin-inline-end: .5em }
:host([data-state="reconnecting"]) .dot, :host([data-state="offline"]) .dot { background: var(--visitor-counter-stale, #8a8f98) }
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

/** In Node and on servers the class can be imported, though not used. */
const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

/**
 * `<visitor-counter url="wss://…" counter="home">`: how many are here now, how many have ever come.
 *
 * The attributes are the source of truth; README.md lists them. Whatever the element contains is shown until the first
 * count arrives. The host's `data-state` tells the connection's state to style sheets. The events `count` and
 * `statechange` are those of the connection.
 */
export class VisitorCounterElement extends Base {
  static observedAttributes = ["show", "quiet", ...CONNECTION_ATTRIBUTES, ...FORMAT_ATTRIBUTES, ...TEXT_ATTRIBUTES];

  #view = new View(this.attachShadow({ mode: "open" }));
  /** @type {Texts | null} made again when the words or the language change */
  #texts = null;
  /** @type {ReturnType<typeof share> | null} */
  #connection = null;
  /** @type {{reconnect: boolean} | null} asked for and not done yet */
  #update = null;
  /** What a screen reader should hear by the next announcement. */
  #spoken = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #announceTimer;

  /** @returns {import("./visitor-counter-socket.js").Count | null} the newest count so far */
  get count() {
    return this.#connection?.counter.count ?? null;
  }

  /** @returns {import("./visitor-counter-socket.js").State} */
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

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} after
   */
  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    if (FORMAT_ATTRIBUTES.includes(name) || TEXT_ATTRIBUTES.includes(name)) this.#texts = null;
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
    const url = this.getAttribute("url");
    if (url === null) return;
    try {
      this.#connection = share(url, this.getAttribute("counter") ?? undefined, this.getAttribute("visitor") ?? undefined);
    } catch (error) {
      // A wrong address must not take the page's other scripts down; the text inside the element stays.
      console.error(error);
      return;
    }
    const { counter } = this.#connection;
    counter.addEventListener("count", this.#onEvent);
    counter.addEventListener("statechange", this.#onEvent);
  }

  #disconnect() {
    this.#stopAnnouncing();
    if (this.#connection === null) return;
    const { counter } = this.#connection;
    counter.removeEventListener("count", this.#onEvent);
    counter.removeEventListener("statechange", this.#onEvent);
    this.#connection.release();
    this.#connection = null;
  }

  /** @param {Event} event */
  #onEvent = (event) => {
    this.#render();
    const { detail } = /** @type {CustomEvent} */ (event);
    this.dispatchEvent(new CustomEvent(event.type, { detail }));
  };

  /** Nobody listens to a hidden tab, and no timer runs in it. */
  #onVisibility = () => {
    if (document.hidden) this.#stopAnnouncing();
    else this.#render();
  };

  #render() {
    const { count, state } = this;
    if (this.dataset.state !== state) this.dataset.state = state;
    if (count === null) return this.#view.showFallback();
    this.#view.quiet = this.hasAttribute("quiet");
    const texts = (this.#texts ??= new Texts(this));
    const show = this.getAttribute("show");
    this.#view.showCount(
      show === "total" ? null : texts.split("live", count.live),
      show === "live" ? null : texts.split("total", count.total),
    );
    const stale = state === "live" ? "" : `, ${texts.label("stale-label")}`;
    this.#spoken = this.#view.text + stale;
    this.#announce();
  }

  /** The first count at once; then, when the text is another one, what it is at the end of the interval. */
  #announce() {
    if (this.#view.announced === "") return this.#view.announce(this.#spoken);
    if (document.hidden || this.#announceTimer !== undefined || this.#view.announced === this.#spoken) return;
    this.#announceTimer = setTimeout(() => {
      this.#announceTimer = undefined;
      this.#view.announce(this.#spoken);
    }, ANNOUNCE_EVERY_MS);
  }

  #stopAnnouncing() {
    clearTimeout(this.#announceTimer);
    this.#announceTimer = undefined;
  }
}

/** @typedef {{before: string, number: string, after: string}} Words */

/** What the numbers are called, in the page's language and words. Exported for its test only. */
export class Texts {
  #element;
  #numbers;
  #plurals;

  /** @param {Element} element */
  constructor(element) {
    this.#element = element;
    const locale = localeOf(element);
    this.#numbers = new Intl.NumberFormat(locale, { notation: element.hasAttribute("compact") ? "compact" : "standard" });
    this.#plurals = new Intl.PluralRules(locale);
  }

  /** @param {string} name */
  label(name) {
    return this.#element.getAttribute(name) ?? LABELS[name];
  }

  /**
   * @param {"live" | "total"} name
   * @param {number} value
   * @returns {Words}
   */
  split(name, value) {
    // The page's words come first: a page that gives only `live-other` means it for every number.
    const plural = `${name}-${this.#plurals.select(value)}`;
    const other = `${name}-other`;
    const template = this.#element.getAttribute(plural) ?? this.#element.getAttribute(other) ?? LABELS[plural] ?? LABELS[other];
    const [before, ...after] = template.split("{n}");
    return { before: before.trim(), number: this.#numbers.format(value), after: after.join("").trim() };
  }
}

/** @param {Element} element */
function localeOf(element) {
  const wanted = element.closest("[lang]")?.getAttribute("lang") || navigator.language;
  try {
    return Intl.getCanonicalLocales(wanted);
  } catch {
    return undefined; // `lang` is free text on a page; an impossible one means the browser's own
  }
}

/** The shadow tree. Writes only what changed. */
class View {
  /** @type {CSSStyleSheet | undefined} one for all elements */
  static #sheet;

  #slot = document.createElement("slot");
  #figures = part("figures");
  #live = new Figure("live");
  #total = new Figure("total");
  #status = part("status");

  /** @param {ShadowRoot} root */
  constructor(root) {
    root.adoptedStyleSheets = [View.#styleSheet()];
    // What is seen changes with every visitor; what is read aloud is the status, which changes at most every 10 s.
    this.#figures.setAttribute("aria-hidden", "true");
    this.#figures.hidden = true;
    this.#status.setAttribute("role", "status");
    this.quiet = false;
    this.#figures.append(part("dot"), this.#live.node, this.#total.node);
    root.append(this.#slot, this.#figures, this.#status);
  }

  static #styleSheet() {
    if (View.#sheet === undefined) {
      View.#sheet = new CSSStyleSheet();
      View.#sheet.replaceSync(STYLE);
    }
    return View.#sheet;
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
    return this.node.hidden ? "" : [this.#before, this.#number, this.#after].map((each) => each.textContent).filter(Boolean).join(" ");
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
 * To hide what is hidden already would make the browser work its styles out again.
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
 * @returns {boolean} whether it was another text
 */
function write(node, text) {
  if (node.textContent === text) return false;
  node.textContent = text;
  return true;
}

/** @param {Element} node */
function nudge(node) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  node.animate([{ opacity: 0.35 }, { opacity: 1 }], { duration: 400, easing: "ease-out" });
}

/** Elements that show the same counter share one connection: one visitor on one page counts once. */
/** @type {Map<string, {counter: import("./visitor-counter-socket.js").VisitorCounter, users: number}>} */
const shared = new Map();

/**
 * @param {string} url
 * @param {string | undefined} counter
 * @param {string | undefined} visitor
 */
function share(url, counter, visitor) {
  const options = { url, counter, visitor };
  const key = JSON.stringify(options);
  const entry = shared.get(key) ?? { counter: createVisitorCounter(options), users: 0 };
  shared.set(key, entry);
  entry.users++;
  return {
    counter: entry.counter,
    release() {
      if (--entry.users > 0) return;
      shared.delete(key);
      entry.counter.close();
    },
  };
}
