/** The page that the embedded stack serves: the counter, simulated visitors, and what the stack counted meanwhile. */

import { detailsOf, headlineOf } from "./demo-stats.js";
import { createVisitorCounter, randomId } from "./visitor-counter-socket.js";

const REFRESH_MS = 1000;
/** Browsers open about 255 WebSockets; the page itself needs one. */
const MOST_SIMULATED = 200;
const STATES = {
  connecting: "Connecting",
  live: "Live",
  reconnecting: "Not connected, trying again",
  offline: "Offline",
  stopped: "Nothing to connect to",
};

/** @type {(id: string) => any} */
const byId = (id) => document.getElementById(id);

start();

async function start() {
  const { websocket, control, counter } = await readConfig();
  showState("stopped");
  if (!websocket) {
    byId("panel-status").textContent =
      "No config.json beside this page, and no address in the query: add ?url=wss://…/stage to try a deployed counter.";
    return;
  }
  connectElements(websocket, counter);
  connectButtons(websocket, counter);
  if (control) followStats(onThisOrigin(control));
  else byId("panel-status").textContent = "Only the embedded stack shows what the traffic costs.";
}

/** The embedded stack says where it is; any other server leaves it to the query: `?url=wss://…&counter=…`. */
async function readConfig() {
  const query = new URLSearchParams(location.search);
  const asked = { websocket: query.get("url"), control: null, counter: query.get("counter") };
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
 * @param {string} url
 * @param {string | null} counter
 */
function connectElements(url, counter) {
  /** @type {NodeListOf<import("./visitor-counter-element.js").VisitorCounterElement>} */
  const elements = document.querySelectorAll("visitor-counter");
  elements[0].addEventListener("statechange", () => showState(elements[0].state));
  for (const element of elements) {
    if (counter) element.setAttribute("counter", counter);
    element.setAttribute("url", url);
  }
  showState("connecting");
}

/** @param {import("./visitor-counter-socket.js").State} state */
function showState(state) {
  byId("state").dataset.state = state;
  byId("state").textContent = STATES[state];
}

/**
 * @param {string} url
 * @param {string | null} counter
 */
function connectButtons(url, counter) {
  /** @type {import("./visitor-counter-socket.js").VisitorCounter[]} */
  const visitors = [];
  /** @type {(number: number) => void} */
  const add = (number) => {
    for (let i = 0; i < number && visitors.length < MOST_SIMULATED; i++) {
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
    const number = visitors.length;
    const most = number === MOST_SIMULATED ? ", as many as one page can" : "";
    byId("simulated").textContent =
      number === 0 ? "No simulated visitors" : `${number} simulated ${number === 1 ? "visitor" : "visitors"}${most}`;
    removeButton.disabled = number === 0;
    for (const button of addButtons) button.disabled = number === MOST_SIMULATED;
  };
  for (const button of addButtons) button.addEventListener("click", () => add(Number(button.dataset.add)));
  removeButton.addEventListener("click", removeAll);
}

/**
 * One request at a time, one second after the last answer, and none while nobody looks.
 *
 * @param {string} control
 */
function followStats(control) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const refresh = async () => {
    try {
      const response = await fetch(`${control}/stats`, { cache: "no-store", signal: AbortSignal.timeout(5000) });
      if (!response.ok) throw new Error(`status ${response.status}`);
      showStats(await response.json());
      say("Counted by the embedded stack since it started, at the prices of us-east-1.");
    } catch (error) {
      say(`The stack's numbers are out of reach (${error}); trying on.`);
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

/** @param {any} stats as the stack answers them */
function showStats(stats) {
  fill(byId("headline"), headlineOf(stats));
  const groups = detailsOf(stats);
  const details = byId("details");
  if (details.childElementCount !== groups.length) details.replaceChildren(...groups.map(() => document.createElement("div")));
  groups.forEach(({ title, rows }, index) => {
    const box = details.children[index];
    if (box.childElementCount === 0) box.append(document.createElement("h3"), document.createElement("dl"));
    write(box.firstChild, title);
    fill(box.lastChild, rows);
  });
  details.hidden = false;
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
  list.hidden = false;
}

/**
 * @param {Element} node
 * @param {string} text
 */
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
