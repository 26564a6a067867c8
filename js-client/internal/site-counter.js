import { ShownCounter } from "./counts.js";

/** The server's default counter, and so the usual name of the site counter. */
export const SITE = "site";

/**
 * The site counter, whose counts come over connections that were opened for pages. It keeps the newest count when it
 * moves from one connection to another.
 */
export class SiteCounter extends ShownCounter {
  /** @type {Set<import("./visitor-counter.js").VisitorCounter>} */
  #connections = new Set();

  /** @param {import("./visitor-counter.js").VisitorCounter} connection */
  follow(connection) {
    if (this.#connections.has(connection)) return;
    this.#connections.add(connection);
    connection.addEventListener("statechange", this.#update);
    connection.addCounter(this);
    this.#update();
  }

  /** @param {import("./visitor-counter.js").VisitorCounter} connection */
  isFollowing(connection) {
    return this.#connections.has(connection);
  }

  close() {
    for (const connection of this.#connections) {
      connection.removeEventListener("statechange", this.#update);
      connection.removeCounter(this);
    }
    this.#connections.clear();
    this.setState("stopped");
  }

  /** Between two connections the one that is live counts. */
  #update = () => {
    for (const connection of this.#connections) {
      if (connection.state === "stopped") this.#connections.delete(connection);
    }
    const states = [...this.#connections].map(({ state }) => state);
    this.setState(states.includes("live") ? "live" : (states.at(-1) ?? "stopped"));
  };
}
