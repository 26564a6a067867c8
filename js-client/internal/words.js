/** The words around the numbers, in the page's language. */

/** @typedef {Record<string, string>} Labels */

export const PLURALS = ["zero", "one", "two", "few", "many", "other"];
/** @type {Labels} */
const ENGLISH = {
  "live-one": "{n} visitor here now",
  "live-other": "{n} visitors here now",
  "total-one": "{n} visit so far",
  "total-other": "{n} visits so far",
  "stale-label": "connection lost, the number may be old",
};

/**
 * @typedef {object} Words
 * @property {string} before
 * @property {string} number
 * @property {string} after
 * @property {string} spoken the number for screen readers: "1.2 thousand" for "1.2K"
 */

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
    let spoken = number;
    let plural = value === 1 ? "one" : "other";
    try {
      const notation = element.hasAttribute("compact") ? "compact" : "standard";
      number = new Intl.NumberFormat(lang, { notation }).format(value);
      spoken = new Intl.NumberFormat(lang, { notation, compactDisplay: "long" }).format(value);
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
    return { before: before.trim(), number, after: after.join("").trim(), spoken };
  };
}
