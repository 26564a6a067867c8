import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { answerFor } from "../../../page/publish.mjs";

const SITE = new URL("../../../page/site/", import.meta.url);
const CONFIG = { websocket: "wss://api.example/prod" };

let cloudFormation;
let answers;
let status = 200;

before(async () => {
  cloudFormation = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    answers.push({ method: request.method, type: request.headers["content-type"], ...JSON.parse(body) });
    response.writeHead(status).end();
  });
  await new Promise((resolve) => cloudFormation.listen(0, "127.0.0.1", resolve));
});

after(() => cloudFormation.close());

function event(RequestType) {
  answers = [];
  return {
    RequestType,
    ResponseURL: `http://127.0.0.1:${cloudFormation.address().port}/answer`,
    StackId: "stack",
    RequestId: "request",
    LogicalResourceId: "PageFiles",
    ResourceProperties: { Bucket: "bucket", Config: CONFIG },
  };
}

function bucketWith(...names) {
  const objects = new Map(names.map((name) => [name, {}]));
  return {
    objects,
    put: async (name, body, type, cacheControl) => objects.set(name, { body: body.toString(), type, cacheControl }),
    remove: async (name) => objects.delete(name),
    list: async () => [...objects.keys()],
  };
}

test("a deployment leaves the site's files, the config, and nothing of before", async () => {
  const bucket = bucketWith("index.html", "of-an-older-version.js");
  await answerFor(event("Update"), () => bucket);
  const names = [...(await readdir(SITE)), "config.json"].sort();
  assert.deepEqual([...bucket.objects.keys()].sort(), names);
  assert.deepEqual(JSON.parse(bucket.objects.get("config.json").body), CONFIG);
  assert.deepEqual(bucket.objects.get("index.html"), {
    body: await readFile(new URL("index.html", SITE), "utf8"),
    type: "text/html; charset=utf-8",
    cacheControl: "no-cache",
  });
});

test("CloudFormation is answered under one id, without a content type", async () => {
  await answerFor(event("Create"), () => bucketWith());
  assert.deepEqual(answers, [
    {
      method: "PUT",
      type: undefined,
      Status: "SUCCESS",
      StackId: "stack",
      RequestId: "request",
      LogicalResourceId: "PageFiles",
      PhysicalResourceId: "page",
    },
  ]);
});

test("deleting the stack empties the bucket, so that it can be deleted", async () => {
  const bucket = bucketWith("index.html", "added-by-hand.png");
  await answerFor(event("Delete"), () => bucket);
  assert.equal(bucket.objects.size, 0);
  assert.equal(answers[0].Status, "SUCCESS");
});

test("a bucket that rejects is reported with its reason", async (t) => {
  t.mock.method(console, "error", () => {});
  const bucket = { ...bucketWith(), put: async () => Promise.reject(new Error("AccessDenied")) };
  await answerFor(event("Create"), () => bucket);
  assert.equal(answers[0].Status, "FAILED");
  assert.match(answers[0].Reason, /AccessDenied/);
});

test("an answer that does not arrive is an error in the function's log", async (t) => {
  t.after(() => (status = 200));
  status = 403;
  await assert.rejects(answerFor(event("Create"), () => bucketWith()), /403/);
});

test("the site's files refer only to files of the site", async () => {
  const html = await readFile(new URL("index.html", SITE), "utf8");
  const names = await readdir(SITE);
  const references = [...html.matchAll(/(?:src|href)="([^":]+)"/g)].map((match) => match[1]);
  assert.ok(references.length >= 3);
  // The publisher writes config.json.
  for (const name of references) assert.ok(names.includes(name) || name === "config.json", name);
  assert.doesNotMatch(html, /<style|style=|<script>|onclick=/, "the content security policy allows no inline code");
});
