import assert from "node:assert/strict";
import { test } from "node:test";
import { cost, detailsOf, headlineOf } from "../demo/demo-stats.js";

const STATS = {
  connections: { open: 12, accepted: 1500, refused: 0, minutes: 31.25 },
  messages: { count: 4, billed: 4 },
  posts: { ok: 12345, gone: 2, throttled: 0, failed: 1, billed: 12345, byStatus: { 0: 1, 200: 12345, 410: 2 } },
  invocations: {
    ConnectHandler: { count: 1500, errors: 0, billedMillis: 9000 },
    StreamBroadcastHandler: { count: 900, errors: 3 },
  },
  dynamodb: { calls: { TransactWriteItems: 3000, Scan: 900 }, readUnits: 1800.5, writeUnits: 12000 },
  estimatedCost: { total: 0.0213, messages: 0.012345, connectionMinutes: 0.0000031, dynamoDbReads: 0.001 },
};

test("the headline tells connections, messages and the bill", () => {
  assert.deepEqual(headlineOf(STATS), [
    ["Open connections", "12"],
    ["Messages sent", "12,345"],
    ["Cost on AWS", "$0.021"],
  ]);
});

test("the details follow the stack's names", () => {
  const groups = Object.fromEntries(detailsOf(STATS).map(({ title, rows }) => [title, Object.fromEntries(rows)]));
  assert.deepEqual(Object.keys(groups), [
    "Connections",
    "Messages to pages",
    "Other messages",
    "Functions",
    "DynamoDB",
    "Cost by item",
  ]);
  assert.deepEqual(groups.Connections, { Open: "12", Accepted: "1,500", Refused: "0", Minutes: "31.3" });
  assert.equal(groups["Messages to pages"].Delivered, "12,345");
  assert.equal(groups["Messages to pages"]["Status 410"], "2");
  assert.equal(groups["Messages to pages"]["Never answered"], "1");
  assert.deepEqual(groups.Functions, { ConnectHandler: "1,500", StreamBroadcastHandler: "900 (3 failed)" });
  assert.deepEqual(groups.DynamoDB, {
    TransactWriteItems: "3,000",
    Scan: "900",
    "Read units": "1,800.5",
    "Write units": "12,000",
  });
  assert.deepEqual(groups["Cost by item"], {
    Messages: "$0.012",
    "Connection minutes": "$0.0000031",
    "DynamoDB reads": "$0.001",
  });
});

test("a stack that has seen nothing, or tells less, does not break the page", () => {
  assert.deepEqual(detailsOf({}), []);
  assert.deepEqual(
    headlineOf({}).map(([, value]) => value),
    ["", "", ""],
  );
});

test("a cost keeps its significant digits while it is small", () => {
  assert.deepEqual([0, 0.00000123, 0.05, 1.239].map(cost), ["$0.00", "$0.0000012", "$0.05", "$1.24"]);
});
