/** The stack's stats, as the rows that the demo page shows. */

const LOCALE = "en-US";
const wholeNumbers = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const units = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 1 });
/** Traffic of one page costs millionths of a dollar: significant digits, not cents. */
const smallDollars = new Intl.NumberFormat(LOCALE, { style: "currency", currency: "USD", maximumSignificantDigits: 2 });
const dollars = new Intl.NumberFormat(LOCALE, { style: "currency", currency: "USD" });

/**
 * @param {any} stats as the stack answers them
 * @returns {[string, string][]}
 */
export function headlineOf(stats) {
  return [
    ["Open connections", number(stats.connections?.open)],
    ["Messages sent", number(stats.posts?.ok)],
    ["Cost on AWS", cost(stats.estimatedCost?.total)],
  ];
}

/**
 * @param {any} stats as the stack answers them
 * @returns {{title: string, rows: [string, string][]}[]} groups without rows are left out
 */
export function detailsOf(stats) {
  const { connections, messages, posts = {}, invocations, dynamodb = {}, estimatedCost = {} } = stats;
  const { byStatus, ...postResults } = posts;
  const { total, ...costs } = estimatedCost;
  return [
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
    { title: "Cost by item", rows: rowsOf(costs, cost) },
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
function number(value) {
  if (!Number.isFinite(value)) return "";
  return (Number.isInteger(value) ? wholeNumbers : units).format(value);
}

/** @param {any} value */
export function cost(value) {
  if (!Number.isFinite(value)) return "";
  return (value > 0 && value < 0.1 ? smallDollars : dollars).format(value);
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
