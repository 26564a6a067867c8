/**
 * The custom resource of the page: makes the bucket hold what the folder `site` beside this file holds, and `config.json`.
 * CloudFormation invokes it when the stack is created, updated or deleted, and waits for an answer at `ResponseURL`.
 */
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";

const SITE = join(import.meta.dirname, "site");
const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".json": "application/json" };
/** Because browsers and CloudFront then ask whether a file is still the same, and an update shows at once. */
const CACHE_CONTROL = "no-cache";

export async function handler(event) {
  await answerFor(event, s3);
}

/** Whatever happens, CloudFormation gets an answer: without one it waits until ServiceTimeout. */
export async function answerFor(event, open) {
  let outcome = { Status: "SUCCESS" };
  try {
    const bucket = await open(event.ResourceProperties.Bucket);
    await fill(bucket, event.RequestType === "Delete" ? new Map() : await filesFor(event.ResourceProperties));
  } catch (error) {
    console.error(error);
    outcome = { Status: "FAILED", Reason: `The page's files: ${error.message}` };
  }
  const { StackId, RequestId, LogicalResourceId } = event;
  // One id for ever: with a new one CloudFormation would afterwards delete the old, and with it the new files.
  const answer = { ...outcome, StackId, RequestId, LogicalResourceId, PhysicalResourceId: "page" };
  // As bytes, because the address is signed for a request without a content type.
  const response = await fetch(event.ResponseURL, { method: "PUT", body: Buffer.from(JSON.stringify(answer)) });
  if (!response.ok) throw new Error(`CloudFormation's address rejected the answer: ${response.status}`);
}

async function filesFor({ Config }) {
  const files = new Map([["config.json", JSON.stringify(Config)]]);
  for (const name of await readdir(SITE)) files.set(name, await readFile(join(SITE, name)));
  return files;
}

async function fill(bucket, files) {
  for (const [name, body] of files) {
    const type = TYPES[extname(name)];
    if (!type) throw new Error(`${name} has no type that publish.mjs knows: ${Object.keys(TYPES).join(" ")}`);
    await bucket.put(name, body, type, CACHE_CONTROL);
  }
  for (const name of await bucket.list()) {
    if (!files.has(name)) await bucket.remove(name);
  }
}

/** The SDK is part of Lambda's runtime; imported here, so that tests do without. */
async function s3(Bucket) {
  const { S3, paginateListObjectsV2 } = await import("@aws-sdk/client-s3");
  const client = new S3();
  return {
    put: (Key, Body, ContentType, CacheControl) => client.putObject({ Bucket, Key, Body, ContentType, CacheControl }),
    remove: (Key) => client.deleteObject({ Bucket, Key }),
    async list() {
      const keys = [];
      for await (const page of paginateListObjectsV2({ client }, { Bucket })) {
        for (const { Key } of page.Contents ?? []) keys.push(Key);
      }
      return keys;
    },
  };
}
