/** What the element draws. */

/** @typedef {import("./words.js").Words} Words */

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
export class View {
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
    hide(this.#figures, !live && !total);
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
  /** For screen readers. */
  text = "";

  /** @param {"live" | "total"} name */
  constructor(name) {
    this.node = part(name);
    this.node.append(this.#before, " ", this.#number, " ", this.#after);
  }

  /** @param {Words | null} words null to hide it */
  show(words) {
    hide(this.node, words === null);
    this.text = words === null ? "" : [words.before, words.spoken, words.after].filter(Boolean).join(" ");
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
