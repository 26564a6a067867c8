/** Connects the page's counters to where `config.json` says; `?counter=…` chooses a counter. */

const config = await fetch("config.json");
if (!config.ok) throw new Error(`config.json: ${config.status}`);
const { websocket } = await config.json();
const counter = new URLSearchParams(location.search).get("counter");

for (const element of document.querySelectorAll("visitor-counter")) {
  if (counter) element.setAttribute("counter", counter);
  element.setAttribute("url", websocket);
}
