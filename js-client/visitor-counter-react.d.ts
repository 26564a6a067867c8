/** Typings of `<visitor-counter>` in JSX, for React 19: `/// <reference path="…/visitor-counter-react.d.ts" />`. */
import type { ClassAttributes, HTMLAttributes } from "react";
import type { VisitorCounterAttributes, VisitorCounterElement } from "./visitor-counter-element.js";
import type { VisitorCounterEventMap } from "./visitor-counter-socket.js";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "visitor-counter": HTMLAttributes<VisitorCounterElement> &
        ClassAttributes<VisitorCounterElement> &
        VisitorCounterAttributes & {
          oncount?: (event: VisitorCounterEventMap["count"]) => void;
          onstatechange?: (event: VisitorCounterEventMap["statechange"]) => void;
        };
    }
  }
}
