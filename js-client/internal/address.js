/** Where a page connects, and how it names itself there. */

/**
 * @param {string} url
 * @param {Record<string, string | undefined>} query
 * @throws {TypeError} if the url is not a WebSocket address
 */
export function connectUrl(url, query) {
  const address = parseUrl(url);
  if (address === null || !/^wss?:$/.test(address.protocol)) {
    throw new TypeError(
      `visitor-counter: the url must begin with wss:// (or ws://), for instance wss://example.org/prod; it is "${url}".`,
    );
  }
  for (const [name, value] of Object.entries(query)) if (value !== undefined) address.searchParams.set(name, value);
  address.hash = "";
  return address.href;
}

/** @param {string} url */
function parseUrl(url) {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}

/** @type {string | undefined} */
let visitOfThisPage;

/** Kept in memory only: a reconnect is not a new visit, a reload is. */
export function pageVisit() {
  visitOfThisPage ??= randomId();
  return visitOfThisPage;
}

/** Not `randomUUID`, which pages without TLS do not have. */
export function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
