/** Connects the page's counters to where `config.json` says; `?counter=…` chooses a counter. */

const config = await fetch("config.json");
if (!config.ok) throw new Error(`config.json: ${config.status}`);
const { websocket, count } = await config.json();
const counter = new URLSearchParams(location.search).get("counter");

for (const element of document.querySelectorAll("visitor-counter")) {
  if (counter) element.setAttribute("counter", counter);
  // A page whose WebSockets are blocked reads the count there, if the stack has it.
  if (count) element.setAttribute("count-url", count);
  element.setAttribute("url", websocket);
}
