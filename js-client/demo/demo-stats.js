/** The stack's figures, as the rows that the demo page shows. */

const LOCALE = "en-US";
const wholeNumbers = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const units = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 1 });
const cents = new Intl.NumberFormat(LOCALE, { style: "currency", currency: "USD" });
const wholeDollars = new Intl.NumberFormat(LOCALE, { style: "currency", currency: "USD", maximumFractionDigits: 0 });

/**
 * @param {any} stats as the stack sends them
 * @param {Record<string, number>} [costsPerDay]
 * @returns {{title: string, rows: [string, string][]}[]} groups without rows are left out
 */
export function detailsOf(stats, costsPerDay) {
  const { connections, messages, posts = {}, invocations, dynamodb = {} } = stats;
  const { byStatus, ...postResults } = posts;
  return [
    { title: "Cost per day", rows: rowsOf(costsPerDay, cost) },
    { title: "Connections", rows: rowsOf(connections, number) },
    { title: "Messages to pages", rows: [...rowsOf(postResults, number), ...rowsOf(byStatus, number, statusName)] },
    { title: "Other messages", rows: rowsOf(messages, number) },
    { title: "Functions", rows: rowsOf(invocations, invocation, (name) => name) },
    {
      title: "DynamoDB",
      rows: [
        ...rowsOf(dynamodb.calls, number, (operation) => operation),
        ...rowsOf(without(dynamodb, "calls"), number),
      ],
    },
  ].filter(({ rows }) => rows.length > 0);
}

/**
 * A row for each value that can be shown; what is not a number is left out.
 *
 * @param {Record<string, any> | undefined} values
 * @param {(value: any) => string} format "" for what can't be shown
 * @param {(key: string) => string} [name]
 * @returns {[string, string][]}
 */
function rowsOf(values, format, name = words) {
  return Object.entries(values ?? {})
    .map(([key, value]) => /** @type {[string, string]} */ ([name(key), format(value)]))
    .filter(([, text]) => text !== "");
}

/** @param {any} value */
export function number(value) {
  if (!Number.isFinite(value)) return "";
  return (Number.isInteger(value) ? wholeNumbers : units).format(value);
}

/**
 * Dollars as people read them: no fractions of a cent.
 *
 * @param {any} value
 */
export function cost(value) {
  if (!Number.isFinite(value)) return "";
  if (value > 0 && value < 0.01) return "under 1¢";
  return (value < 100 ? cents : wholeDollars).format(value);
}

/** @param {any} value */
function invocation(value) {
  const calls = number(value?.count);
  return value?.errors > 0 ? `${calls} (${number(value.errors)} failed)` : calls;
}

/**
 * @param {Record<string, any>} values
 * @param {string} key
 */
function without(values, key) {
  const { [key]: _, ...rest } = values;
  return rest;
}

/** @param {string} status */
function statusName(status) {
  return status === "0" ? "Never answered" : `Status ${status}`;
}

/** Where the stack's own word would not tell a visitor enough. */
/** @type {Record<string, string>} */
const NAMES = { ok: "Delivered", count: "Sent and received", billed: "Billed (32 KB steps)" };

/**
 * `connectionMinutes` reads "Connection minutes", `dynamodbReads` "DynamoDB reads".
 *
 * @param {string} key
 */
function words(key) {
  if (key in NAMES) return NAMES[key];
  const spaced = key.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return (spaced.charAt(0).toUpperCase() + spaced.slice(1)).replace(/dynamo ?db/i, "DynamoDB");
}
