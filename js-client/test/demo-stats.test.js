import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cost, detailsOf } from "../demo/demo-stats.js";
import { originalMessages, pathOf, Traffic } from "../demo/demo-traffic.js";

const STATS = {
  connections: { open: 12, accepted: 1500, rejected: 0, minutes: 31.25 },
  messages: { count: 4, billed: 4 },
  posts: { ok: 12345, gone: 2, throttled: 0, failed: 1, billed: 12345, byStatus: { 0: 1, 200: 12345, 410: 2 } },
  invocations: {
    ConnectHandler: { count: 1500, errors: 0, billedMillis: 9000 },
    StreamBroadcastHandler: { count: 900, errors: 3 },
  },
  dynamodb: { calls: { TransactWriteItems: 3000, Scan: 900 }, readUnits: 1800.5, writeUnits: 12000 },
  estimatedCost: { total: 0.0213, messages: 0.012345 },
};

function stats(open, accepted, ok, total = 0) {
  return { connections: { open, accepted }, posts: { ok }, estimatedCost: { total } };
}

describe("the details", () => {
  test("follow the stack's names", () => {
    const groups = Object.fromEntries(
      detailsOf(STATS, { total: 1.5, dynamodbReads: 0.000001 }).map(({ title, rows }) => [
        title,
        Object.fromEntries(rows),
      ]),
    );
    assert.deepEqual(groups["Cost per day"], { Total: "$1.50", "DynamoDB reads": "under 1¢" });
    assert.deepEqual(groups.Connections, { Open: "12", Accepted: "1,500", Rejected: "0", Minutes: "31.3" });
    assert.equal(groups["Messages to pages"].Delivered, "12,345");
    assert.equal(groups["Messages to pages"]["Status 410"], "2");
    assert.equal(groups["Messages to pages"]["Never answered"], "1");
    assert.deepEqual(groups.Functions, { ConnectHandler: "1,500", StreamBroadcastHandler: "900 (3 failed)" });
    assert.equal(groups.DynamoDB["Write units"], "12,000");
  });

  test("of a stack that has no figures yet are empty", () => assert.deepEqual(detailsOf({}), []));

  test("never show fractions of a cent", () => {
    assert.deepEqual([0, 0.00000065, 0.0099, 0.05, 1.239, 1234.5].map(cost), [
      "$0.00",
      "under 1¢",
      "under 1¢",
      "$0.05",
      "$1.24",
      "$1,235",
    ]);
  });
});

describe("the original design", () => {
  test("sends the count to everybody at each connect", () => {
    assert.equal(originalMessages({ open: 2, accepted: 2 }, { open: 5, accepted: 5 }), 3 + 4 + 5);
  });

  test("and at each disconnect", () => {
    assert.equal(originalMessages({ open: 5, accepted: 5 }, { open: 2, accepted: 5 }), 4 + 3 + 2);
  });

  test("sends quadratically many messages to a thousand visitors", () => {
    assert.equal(originalMessages({ open: 0, accepted: 0 }, { open: 1000, accepted: 1000 }), (1000 * 1001) / 2);
  });

  test("never sends to fewer than none", () => {
    assert.equal(originalMessages({ open: 0, accepted: 0 }, { open: 0, accepted: 2 }), 1 + 0 + 1 + 0);
  });
});

describe("the traffic", () => {
  test("is counted from the first sample", () => {
    const traffic = new Traffic();
    traffic.add(0, stats(10, 100, 5000));
    assert.deepEqual([traffic.messages, traffic.original], [0, 0]);
    traffic.add(1000, stats(12, 102, 5012));
    assert.deepEqual([traffic.messages, traffic.original], [12, 11 + 12]);
  });

  test("costs per day what the last minute did, once there is enough of it", () => {
    const traffic = new Traffic();
    traffic.add(0, stats(1, 1, 0, 5));
    traffic.add(1000, stats(1, 1, 0, 6));
    assert.equal(traffic.costsPerDay, undefined);
    traffic.add(60_000, stats(1, 1, 0, 6));
    traffic.add(120_000, stats(1, 1, 0, 7));
    assert.deepEqual(traffic.costsPerDay, { total: 1440 });
  });

  test("of the original design differs in the messages", () => {
    const traffic = new Traffic();
    traffic.add(0, stats(0, 0, 0, 0));
    traffic.add(60_000, stats(100, 100, 50, 0.001));
    assert.ok(Math.abs(traffic.originalCostPerDay - (0.001 + (5050 - 50) * 1e-6) * 1440) < 1e-9);
  });

  test("begins again when the stack did", () => {
    const traffic = new Traffic();
    traffic.add(0, stats(10, 100, 5000));
    traffic.add(1000, stats(1, 1, 1));
    assert.deepEqual([traffic.messages, traffic.original, traffic.samples.length], [0, 0, 1]);
  });

  test("is kept for five minutes", () => {
    const traffic = new Traffic();
    for (let second = 0; second <= 1000; second++) traffic.add(second * 1000, stats(second, second, 0));
    assert.equal(traffic.samples.length, 302);
    assert.equal(traffic.minutes, 5);
    const { points, peak } = traffic.visitors;
    assert.deepEqual([points[0].x, points.at(-1).x, peak], [0, 1, 1000]);
    assert.ok(Math.abs(traffic.rate("original").points.at(-1).y - 1000) < 1e-9);
  });

  test("is drawn from the bottom to the top", () => {
    const series = {
      points: [
        { x: 0, y: 0 },
        { x: 1, y: 4 },
      ],
      peak: 4,
    };
    assert.equal(pathOf(series, 4), "M0 97L300 3");
    assert.equal(pathOf(series, 4, true), "M0 97L300 3L300 100L0 100Z");
    assert.equal(pathOf({ points: [], peak: 0 }, 0), "");
  });
});
