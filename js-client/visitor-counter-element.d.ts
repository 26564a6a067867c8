import type { Count, State, VisitorCounterEventMap } from "./visitor-counter-socket.js";

export const VERSION: string;

type PluralForm = "zero" | "one" | "two" | "few" | "many" | "other";

/** The element's attributes, for typings of templates. README.md explains them. */
export type VisitorCounterAttributes = {
  url?: string | undefined;
  counter?: string | undefined;
  visitor?: string | undefined;
  site?: boolean | "" | undefined;
  watch?: boolean | "" | undefined;
  "count-url"?: string | undefined;
  show?: "both" | "live" | "total" | undefined;
  look?: "inline" | "badge" | "large" | undefined;
  compact?: boolean | "" | undefined;
  from?: number | string | undefined;
  quiet?: boolean | "" | undefined;
  "stale-label"?: string | undefined;
} & { [Label in `${"live" | "total"}-${PluralForm}`]?: string | undefined };

/** `<visitor-counter>`. The attributes are the source of truth. */
export class VisitorCounterElement extends HTMLElement {
  /** Labels by language, in addition to the English ones. */
  static labels: Record<string, Record<string, string>>;
  /** The newest count so far, or null. */
  get count(): Count | null;
  get state(): State;
  addEventListener<K extends keyof (VisitorCounterEventMap & HTMLElementEventMap)>(
    type: K,
    listener: (this: VisitorCounterElement, event: (VisitorCounterEventMap & HTMLElementEventMap)[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof (VisitorCounterEventMap & HTMLElementEventMap)>(
    type: K,
    listener: (this: VisitorCounterElement, event: (VisitorCounterEventMap & HTMLElementEventMap)[K]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "visitor-counter": VisitorCounterElement;
  }
}
