/** A count as the server sent it. */
export interface Count {
  readonly counter: string;
  /** How many visitors are here now. */
  readonly live: number;
  /** How many visits there have been. */
  readonly total: number;
  /** Grows with every change of the counter. */
  readonly version: number;
}

/**
 * - `connecting`: the first connection is being opened
 * - `live`: connected; the count is as new as the server's last message
 * - `checking`: connected as far as known, after the machine slept or the network changed; waits for an answer
 * - `reconnecting`: not connected; retries, or waits until the page is looked at
 * - `polling`: not connected; counts come from `countUrl`, at most about a minute late
 * - `offline`: not connected, and the browser reports no network
 * - `stopped`: closed for good, or without a `url`
 */
export type State = "connecting" | "live" | "checking" | "reconnecting" | "polling" | "offline" | "stopped";

/** Durations in milliseconds. */
export interface Timing {
  connectTimeoutMs: number;
  retryBaseMs: number;
  retryCapMs: number;
  stableAfterMs: number;
  clockCheckMs: number;
  checkAfterMs: number;
  pingAfterMs: number;
  pingAnswerMs: number;
  askAfterMs: number;
  pollEveryMs: number;
  rotateAfterMs: number;
  rotateSpreadMs: number;
  hiddenGraceMs: number;
  restartAfterMs: number;
}

export const DEFAULT_TIMING: Readonly<Timing>;

export interface VisitorCounterOptions {
  /** The WebSocket API's address, `wss://…/stage`. */
  url: string;
  /** Which counter; by default the server's default counter. */
  counter?: string | undefined;
  /** Identifies this visit at every reconnect; by default a random id of the page. */
  visit?: string | undefined;
  /** Identifies the visitor in every tab, for servers that count visitors; by default none. */
  visitor?: string | undefined;
  /** Receives counts and is not counted. */
  watch?: boolean | undefined;
  /** Where the count can be read over HTTP while WebSockets fail; by default nowhere. */
  countUrl?: string | undefined;
  timing?: Partial<Timing> | undefined;
}

/** The events of a connection and of the element, by type. */
export interface VisitorCounterEventMap {
  /** A newer count arrived. */
  count: CustomEvent<Count>;
  statechange: CustomEvent<State>;
}

/** Keeps one page connected to one counter. */
export interface VisitorCounter extends EventTarget {
  /** The newest count so far; it stays when the connection is lost. */
  readonly count: Count | null;
  readonly state: State;
  /** Ends the connection for good. Further calls do nothing. */
  close(): void;
  addEventListener<K extends keyof VisitorCounterEventMap>(
    type: K,
    listener: (this: VisitorCounter, event: VisitorCounterEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof VisitorCounterEventMap>(
    type: K,
    listener: (this: VisitorCounter, event: VisitorCounterEventMap[K]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void;
}

/**
 * Connects to a counter and stays connected.
 *
 * @throws {TypeError} if the url is not a WebSocket address
 */
export function createVisitorCounter(options: VisitorCounterOptions): VisitorCounter;

/**
 * The site counter, whose counts come over the connection of a page's counter. Its `close` leaves that connection open.
 *
 * @param counter the name of the site counter, by default `site`
 */
export function siteCounterOf(page: VisitorCounter, counter?: string): VisitorCounter;

/** Returns a random id for `visit` or `visitor`: 32 hexadecimal digits. */
export function randomId(): string;
