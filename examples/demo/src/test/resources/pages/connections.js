/** Connections without an element: a test asks for them and reads what became of them. */

import { createVisitorCounter, randomId } from "./visitor-counter-socket.js";

window.connect = (url, timing, number = 1) => {
  const made = Array.from({ length: number }, () => {
    const visit = randomId();
    const counter = createVisitorCounter({ url, timing, visit });
    const sockets = () => spy.sockets.filter((socket) => socket.url.includes(visit));
    const log = { counter, sockets, states: [], counts: [] };
    counter.addEventListener("statechange", ({ detail }) => log.states.push(detail));
    counter.addEventListener("count", ({ detail }) => log.counts.push(detail));
    return log;
  });
  window.connections = [...(window.connections ?? []), ...made];
};
