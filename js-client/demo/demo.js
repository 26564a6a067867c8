/** The page that the embedded stack serves: the counter, simulated visitors, and what their traffic costs. */

import { cost, detailsOf, number } from "./demo-stats.js";
import { pathOf, Traffic } from "./demo-traffic.js";
import { createVisitorCounter, randomId } from "../visitor-counter-socket.js";

const REFRESH_MS = 1000;
/** Browsers open about 255 WebSockets; the page itself needs one. */
const MOST_SIMULATED = 200;
const STATES = {
  connecting: "Connecting",
  live: "Live",
  checking: "Checking the connection",
  reconnecting: "Not connected, trying again",
  polling: "Not connected, asking now and then",
  offline: "Offline",
  stopped: "Nothing to connect to",
};

/** @type {(id: string) => any} */
const byId = (id) => document.getElementById(id);

start();

async function start() {
  const { websocket, control, counter, site, count } = await readConfig();
  showState("stopped");
  if (!websocket) {
    byId("panel-status").textContent =
      "No config.json beside this page, and no address in the query: add ?url=wss://…/stage to try a deployed counter.";
    return;
  }
  connectElements({ url: websocket, counter, site, "count-url": count && onThisOrigin(count) });
  connectButtons(websocket, counter);
  if (count) showBadge(onThisOrigin(count));
  if (control) followStats(onThisOrigin(control));
  else byId("panel-status").textContent = "Only the embedded stack shows what the traffic costs.";
}

/**
 * The embedded stack says where it is; any other server leaves it to the query: `?url=wss://…&counter=…`. `site` is the
 * name of the site counter, `count` the address of the count over HTTP, on servers that have them.
 */
async function readConfig() {
  const query = new URLSearchParams(location.search);
  const asked = {
    websocket: query.get("url"),
    control: null,
    counter: query.get("counter"),
    site: query.get("site"),
    count: query.get("count"),
  };
  if (asked.websocket) return asked;
  try {
    const response = await fetch("config.json", { cache: "no-store" });
    return response.ok ? { ...asked, ...(await response.json()) } : asked;
  } catch (error) {
    console.info(`No config.json: ${error}`);
    return asked;
  }
}

/**
 * A page opened as `localhost` must not ask `127.0.0.1`: to a browser that is another site.
 *
 * @param {string} url
 */
function onThisOrigin(url) {
  const { port, pathname } = new URL(url);
  return port === location.port ? location.origin + pathname : url;
}

/**
 * An image cannot be updated without a script; this one shows the count of the moment when the page was opened.
 *
 * @param {string} countUrl
 */
function showBadge(countUrl) {
  const image = byId("badge").querySelector("img");
  image.src = countUrl.replace(/count$/, "badge.svg?label=visitors%20now");
  byId("badge").hidden = false;
}

/** @param {Record<"url" | "counter" | "site" | "count-url", string | null>} attributes */
function connectElements({ site, ...attributes }) {
  /** @type {NodeListOf<import("../visitor-counter-element.js").VisitorCounterElement>} */
  const elements = document.querySelectorAll("visitor-counter");
  const [first] = elements;
  // Live only when a number is there.
  const follow = () => showState(first.state === "live" && first.count === null ? "connecting" : first.state);
  for (const type of ["count", "statechange"]) first.addEventListener(type, follow);
  for (const element of elements) {
    const ofSite = element.hasAttribute("site");
    if (ofSite && !site) continue;
    for (const [name, value] of Object.entries({ ...attributes, ...(ofSite && { counter: site }) })) {
      if (value) element.setAttribute(name, value);
    }
  }
  byId("site").hidden = !site;
  showState("connecting");
}

/** @param {import("../visitor-counter-socket.js").State} state */
function showState(state) {
  byId("state").dataset.state = state;
  byId("state").textContent = STATES[state];
}

/**
 * @param {string} url
 * @param {string | null} counter
 */
function connectButtons(url, counter) {
  /** @type {import("../visitor-counter-socket.js").VisitorCounter[]} */
  const visitors = [];
  /** @type {(howMany: number) => void} */
  const add = (howMany) => {
    for (let i = 0; i < howMany && visitors.length < MOST_SIMULATED; i++) {
      visitors.push(createVisitorCounter({ url, counter: counter ?? undefined, visit: randomId() }));
    }
    show();
  };
  const removeAll = () => {
    for (const visitor of visitors.splice(0)) visitor.close();
    show();
  };
  /** @type {NodeListOf<HTMLButtonElement>} */
  const addButtons = document.querySelectorAll("[data-add]");
  const removeButton = /** @type {HTMLButtonElement} */ (document.querySelector("[data-remove]"));
  const show = () => {
    const { length } = visitors;
    byId("simulated").textContent = `${length} simulated${length === MOST_SIMULATED ? ", the most a page can" : ""}`;
    removeButton.disabled = length === 0;
    for (const button of addButtons) button.disabled = length === MOST_SIMULATED;
  };
  for (const button of addButtons) button.addEventListener("click", () => add(Number(button.dataset.add)));
  removeButton.addEventListener("click", removeAll);
}

/**
 * One request at a time, one second after the last answer, and none while the tab is hidden.
 *
 * @param {string} control
 */
function followStats(control) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const traffic = new Traffic();
  const refresh = async () => {
    try {
      const response = await fetch(`${control}/stats`, { cache: "no-store", signal: AbortSignal.timeout(5000) });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const stats = await response.json();
      traffic.add(Date.now(), stats);
      showTraffic(traffic);
      showDetails(detailsOf(stats, traffic.costsPerDay));
      say("Counted by the embedded stack, at the prices of us-east-1.");
    } catch (error) {
      say(`The stack's figures cannot be read, retrying: ${error}`);
    }
    if (!document.hidden) timer = setTimeout(refresh, REFRESH_MS);
  };
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) refresh();
  });
  refresh();
}

/** @param {string} text */
function say(text) {
  if (byId("panel-status").textContent !== text) byId("panel-status").textContent = text;
}

/** @param {Traffic} traffic */
function showTraffic(traffic) {
  write(byId("messages-here"), number(traffic.messages));
  write(byId("messages-original"), number(traffic.original));
  write(byId("cost-here"), cost(traffic.costsPerDay?.total) || "–");
  write(byId("cost-original"), cost(traffic.originalCostPerDay) || "–");

  const { visitors, minutes } = traffic;
  const period = minutes === 1 ? "last minute" : `last ${minutes} minutes`;
  for (const output of document.querySelectorAll(".period")) write(output, period);
  byId("visitors-area").setAttribute("d", pathOf(visitors, visitors.peak, true));
  byId("visitors-line").setAttribute("d", pathOf(visitors, visitors.peak));
  write(byId("visitors-peak"), `highest ${number(visitors.peak)}`);

  const here = traffic.rate("messages");
  const original = traffic.rate("original");
  const peak = Math.max(here.peak, original.peak);
  byId("messages-here-line").setAttribute("d", pathOf(here, peak));
  byId("messages-original-line").setAttribute("d", pathOf(original, peak));
  write(
    byId("messages-peak"),
    `highest ${number(Math.round(here.peak))} here, ${number(Math.round(original.peak))} original`,
  );
}

/** @param {ReturnType<typeof detailsOf>} groups */
function showDetails(groups) {
  const details = byId("details");
  while (details.childElementCount < groups.length) {
    const box = document.createElement("div");
    box.append(document.createElement("h3"), document.createElement("dl"));
    details.append(box);
  }
  groups.forEach(({ title, rows }, index) => {
    const box = details.children[index];
    write(box.firstChild, title);
    fill(box.lastChild, rows);
  });
}

/**
 * Writes rows of name and value into a definition list; only what changed, so that a selection stays.
 *
 * @param {any} list
 * @param {[string, string][]} rows
 */
function fill(list, rows) {
  while (list.children.length > rows.length) list.lastChild.remove();
  while (list.children.length < rows.length) {
    const row = document.createElement("div");
    row.append(document.createElement("dt"), document.createElement("dd"));
    list.append(row);
  }
  rows.forEach(([name, value], index) => {
    write(list.children[index].firstChild, name);
    write(list.children[index].lastChild, value);
  });
}

/**
 * @param {Element} node
 * @param {string} text
 */
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
