/** What the stack's figures, read about once a second, say about its traffic: totals, rates, and the original design's. */

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
/** API Gateway's price of a message in us-east-1, in dollars. */
const MESSAGE_PRICE = 1e-6;
const MINUTE = 60 * SECOND;
const HISTORY_MS = 5 * MINUTE;
const RATE_WINDOW_MS = 60 * SECOND;
/** A rate over less time than this would jump with every message. */
const MINIMUM_WINDOW_MS = 5 * SECOND;

/**
 * @typedef {object} Sample
 * @property {number} at milliseconds
 * @property {number} open connections
 * @property {number} messages sent by this counter since the first sample
 * @property {number} original messages that the original design would have sent since the first sample
 * @property {Record<string, number>} costs in dollars since the stack started, by item
 */

/** Keeps the samples of the last minutes. */
export class Traffic {
  /** @type {Sample[]} */
  samples = [];
  /** @type {any} */
  #first = null;
  /** @type {any} */
  #previous = null;
  #original = 0;

  /**
   * @param {number} at milliseconds
   * @param {any} stats as the stack sends them
   */
  add(at, stats) {
    if (stats.connections?.accepted < this.#previous?.connections.accepted) this.#restart();
    this.#first ??= stats;
    if (this.#previous) this.#original += originalMessages(this.#previous.connections, stats.connections);
    this.#previous = stats;
    const messages = stats.posts.ok - this.#first.posts.ok;
    const { open } = stats.connections;
    this.samples.push({ at, open, messages, original: this.#original, costs: stats.estimatedCost ?? {} });
    // One sample before the window, so that the chart's line begins at its edge.
    while (this.samples.length > 1 && this.samples[1].at < at - HISTORY_MS) this.samples.shift();
  }

  /** The stack was restarted: its figures begin again. */
  #restart() {
    this.samples = [];
    this.#first = this.#previous = null;
    this.#original = 0;
  }

  get messages() {
    return this.samples.at(-1)?.messages;
  }

  get original() {
    return this.samples.at(-1)?.original;
  }

  /**
   * Dollars per day at the rate of the last minute, by item; undefined while there is too little to tell.
   *
   * @returns {Record<string, number> | undefined}
   */
  get costsPerDay() {
    const window = this.#window();
    if (!window) return undefined;
    const { first, last, perDay } = window;
    return Object.fromEntries(
      Object.entries(last.costs).map(([item, dollars]) => [item, (dollars - (first.costs[item] ?? 0)) * perDay]),
    );
  }

  /** @returns {number | undefined} the same for the original design, in all */
  get originalCostPerDay() {
    const window = this.#window();
    if (!window) return undefined;
    const { first, last, perDay } = window;
    const additional = last.original - first.original - (last.messages - first.messages);
    return (last.costs.total - first.costs.total + additional * MESSAGE_PRICE) * perDay;
  }

  #window() {
    const last = this.samples.at(-1);
    const first = this.samples.find(({ at }) => last && at >= last.at - RATE_WINDOW_MS);
    if (!last || !first || last.at - first.at < MINIMUM_WINDOW_MS) return undefined;
    return { first, last, perDay: DAY / (last.at - first.at) };
  }

  /** How much the charts show: what there is, in whole minutes, at most five. */
  get minutes() {
    const elapsed = (this.samples.at(-1)?.at ?? 0) - (this.samples[0]?.at ?? 0);
    return Math.min(5, Math.max(1, Math.ceil(elapsed / MINUTE)));
  }

  /** @returns {Series} */
  get visitors() {
    const points = this.samples.map(({ at, open }) => ({ x: this.#x(at), y: open }));
    return { points, peak: peakOf(points) };
  }

  /**
   * @param {"messages" | "original"} name
   * @returns {Series} messages per second
   */
  rate(name) {
    const points = this.samples.slice(1).map((sample, index) => {
      const before = this.samples[index];
      return {
        x: this.#x(sample.at),
        y: ((sample[name] - before[name]) * SECOND) / Math.max(sample.at - before.at, 1),
      };
    });
    return { points, peak: peakOf(points) };
  }

  /**
   * @param {number} at
   * @returns {number} 0 at the chart's left edge, 1 now
   */
  #x(at) {
    const now = this.samples[this.samples.length - 1].at;
    return Math.max(0, 1 - (now - at) / (this.minutes * MINUTE));
  }
}

/** @typedef {{points: {x: number, y: number}[], peak: number}} Series */

/** @param {{y: number}[]} points */
function peakOf(points) {
  return points.reduce((peak, { y }) => Math.max(peak, y), 0);
}

/**
 * One message to every open connection at every connect and disconnect. Between two samples the order of the events is
 * not known; connects and disconnects are assumed to alternate evenly.
 *
 * @param {{open: number, accepted: number}} before
 * @param {{open: number, accepted: number}} after
 */
export function originalMessages(before, after) {
  const connects = after.accepted - before.accepted;
  const disconnects = before.open + connects - after.open;
  const events = connects + disconnects;
  let messages = 0;
  for (let event = 1, connected = 0; event <= events; event++) {
    connected = Math.round((connects * event) / events);
    messages += before.open + connected - (event - connected);
  }
  return messages;
}

/**
 * An SVG path in a box of 300 by 100.
 *
 * @param {Series} series
 * @param {number} peak the value at the top
 * @param {boolean} [closed] down to the base line, to be filled
 */
export function pathOf({ points }, peak, closed = false) {
  if (points.length === 0) return "";
  const xy = points.map(({ x, y }) => `${round(x * 300)} ${round(97 - (94 * y) / Math.max(peak, 1))}`);
  const line = `M${xy.join("L")}`;
  return closed ? `${line}L300 100L${round(points[0].x * 300)} 100Z` : line;
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
