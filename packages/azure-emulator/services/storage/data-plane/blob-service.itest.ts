import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import tls from "node:tls";
import { BlobServiceClient, type ContainerClient } from "@azure/storage-blob";
import { STORAGE_AUDIENCE } from "../../../control-plane/identity";
import { startTestEmulator, type TestEmulator } from "../../../control-plane/testing/test-emulator";
import { createStorageService } from "..";
import { Crc64 } from "./crc64";
import { encodeStructured } from "./structured-message";

const OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";

describe("Blob storage, through @azure/storage-blob", () => {
  let emulator: TestEmulator;
  let service: BlobServiceClient;
  let container: ContainerClient;
  let endpoint: string;
  const trusted = tls.getCACertificates("default");

  before(async () => {
    emulator = await startTestEmulator((context) => [createStorageService(context)]);
    const { context } = emulator;
    tls.setDefaultCACertificates([...trusted, context.certificates.ca]);
    const account = `${emulator.group}/providers/Microsoft.Storage/storageAccounts/stored`;
    const body = { location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" } };
    await emulator.arm("PUT", account, body);
    endpoint = (await emulator.arm("GET", account)).json.properties.primaryEndpoints.blob;
    await emulator.arm(
      "PUT",
      `${account}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`,
      {
        properties: { roleDefinitionId: `/x/${OWNER}`, principalId: context.principals.deployer.objectId },
      },
    );
    const credential = {
      getToken: async () => ({ token: token(), expiresOnTimestamp: Date.now() + 3_600_000 }),
    };
    service = new BlobServiceClient(endpoint, credential, { retryOptions: { maxTries: 1 } });
    container = service.getContainerClient("box");
    await container.create();
  });
  after(async () => {
    tls.setDefaultCACertificates(trusted);
    await emulator.stop();
  });

  const token = () => {
    const { tokens, principals } = emulator.context;
    return tokens.issue(principals.deployer, STORAGE_AUDIENCE).token;
  };
  /** A request as no client sends it. */
  const raw = (method: string, path: string, headers: Record<string, string> = {}, body?: string | Buffer) =>
    emulator.call(`${endpoint}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token()}`,
        ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }),
        ...headers,
      },
      ...(body !== undefined && { body }),
    });
  const fresh = () => container.getBlockBlobClient(`blob ${crypto.randomUUID()}`);
  const upload = async (text = "hello") => {
    const blob = fresh();
    await blob.upload(text, text.length);
    return blob;
  };

  it("addresses an account by its path, so that a blob client of a container finds its blob", async () => {
    assert.match(endpoint, /^https:\/\/127\.0\.0\.1:\d+\/stored\/$/);
    assert.equal(service.accountName, "stored");
    const blob = await upload();
    const other = service.getContainerClient("box").getBlobClient(blob.name);
    assert.equal(other.url, blob.url);
    assert.equal((await other.downloadToBuffer()).toString(), "hello");
  });

  it("also answers below the gateway, where earlier deployments look for it", async () => {
    const blob = await upload();
    const url = `${emulator.context.httpsUrl}/storage/stored/box/${encodeURIComponent(blob.name)}`;
    const headers = { authorization: `Bearer ${token()}` };
    assert.equal((await emulator.call(url, { headers })).text, "hello");
  });

  it("keeps slashes, dots, capitals and a slash at the end of a blob's name", async () => {
    for (const name of ["a//b", "A/b", "a/b", "a/", "ä €/+&=?#%2F", "x".repeat(1004)]) {
      await container.getBlockBlobClient(name).upload(name, Buffer.byteLength(name));
    }
    for (const name of ["a//b", "A/b", "a/b", "a/", "ä €/+&=?#%2F"]) {
      assert.equal((await container.getBlobClient(name).downloadToBuffer()).toString(), name);
    }
  });

  it("honours the conditions of a write", async () => {
    const blob = await upload();
    const { etag = "" } = await blob.getProperties();
    const upload2 = (conditions: object) => blob.upload("other", 5, { conditions });
    await assert.rejects(upload2({ ifNoneMatch: "*" }), { statusCode: 409, code: "BlobAlreadyExists" });
    await assert.rejects(upload2({ ifMatch: '"0x0"' }), { statusCode: 412, code: "ConditionNotMet" });
    await assert.rejects(upload2({ ifNoneMatch: etag }), { statusCode: 412, code: "ConditionNotMet" });
    await assert.rejects(upload2({ ifUnmodifiedSince: new Date(0) }), { code: "ConditionNotMet" });
    const tomorrow = new Date(Date.now() + 86_400_000);
    await assert.rejects(upload2({ ifModifiedSince: tomorrow }), { code: "ConditionNotMet" });
    await assert.rejects(blob.delete({ conditions: { ifMatch: '"0x0"' } }), { code: "ConditionNotMet" });
    await assert.rejects(blob.setMetadata({ a: "b" }, { conditions: { ifMatch: '"0x0"' } }), {
      statusCode: 412,
    });
    assert.equal((await blob.downloadToBuffer()).toString(), "hello");
    assert.notEqual((await upload2({ ifMatch: etag })).etag, etag);
    await assert.rejects(fresh().upload("x", 1, { conditions: { ifMatch: "*" } }), { statusCode: 412 });
  });

  it("lets one of many clients create a blob that must not exist", async () => {
    const blob = fresh();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) =>
        blob.upload(`${at}`.padEnd(9), 9, { conditions: { ifNoneMatch: "*" } }),
      ),
    );
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
  });

  it("answers whole contents while they are replaced", async () => {
    const blob = await upload("00000");
    const read = async () => (await blob.downloadToBuffer()).toString();
    const [seen] = await Promise.all([
      Promise.all(Array.from({ length: 40 }, read)),
      Promise.all(Array.from({ length: 20 }, (_, at) => blob.upload(`${at % 10}`.repeat(5), 5))),
    ]);
    for (const text of seen) assert.match(text, /^(\d)\1{4}$/);
  });

  it("honours the conditions of a read", async () => {
    const blob = await upload();
    const { etag = "" } = await blob.getProperties();
    const read = (conditions: object) => blob.download(0, undefined, { conditions });
    await assert.rejects(read({ ifNoneMatch: etag }), { statusCode: 304 });
    await assert.rejects(blob.getProperties({ conditions: { ifNoneMatch: etag } }), { statusCode: 304 });
    await assert.rejects(read({ ifModifiedSince: new Date(Date.now() + 60_000) }), { statusCode: 304 });
    await assert.rejects(read({ ifMatch: '"0x0"' }), { statusCode: 412, code: "ConditionNotMet" });
    assert.equal((await read({ ifMatch: etag })).etag, etag);
  });

  it("answers a HEAD that fails with a code and no body", async () => {
    await assert.rejects(fresh().getProperties(), { statusCode: 404 });
    const { status, headers, text } = await raw("HEAD", "box/nosuch");
    assert.equal(status, 404);
    assert.equal(headers["x-ms-error-code"], "BlobNotFound");
    assert.equal(headers["content-type"], undefined);
    assert.equal(headers["content-length"] ?? "0", "0");
    assert.equal(text, "");
  });

  it("keeps metadata and content headers, and changes them", async () => {
    const blob = fresh();
    await blob.upload("{}", 2, {
      metadata: { Source: "a b", two: "2" },
      blobHTTPHeaders: {
        blobContentType: "application/json",
        blobCacheControl: "no-store",
        blobContentDisposition: "inline",
        blobContentEncoding: "identity",
        blobContentLanguage: "en",
      },
    });
    const first = await blob.getProperties();
    assert.deepEqual(first.metadata, { source: "a b", two: "2" });
    assert.equal(first.contentType, "application/json");
    assert.equal(first.cacheControl, "no-store");
    assert.equal(first.contentDisposition, "inline");
    assert.equal(first.contentEncoding, "identity");
    assert.equal(first.contentLanguage, "en");
    assert.equal(first.leaseState, "available");
    assert.ok(first.createdOn instanceof Date);
    await blob.setMetadata({ three: "3" });
    await blob.setHTTPHeaders({ blobContentType: "text/plain" });
    const second = await blob.getProperties();
    assert.deepEqual(second.metadata, { three: "3" });
    assert.equal(second.contentType, "text/plain");
    assert.equal(second.cacheControl, undefined);
    assert.notEqual(second.etag, first.etag);
    await assert.rejects(blob.setMetadata({ "not-a-name": "x" }), {
      statusCode: 400,
      code: "InvalidMetadata",
    });
    await assert.rejects(blob.setMetadata({ big: "x".repeat(9000) }), { code: "MetadataTooLarge" });
  });

  it("computes a content's MD5, and refuses a wrong MD5 or CRC64", async () => {
    const blob = await upload();
    const md5 = createHash("md5").update("hello").digest();
    assert.deepEqual(Buffer.from((await blob.getProperties()).contentMD5 ?? []), md5);
    const range = await blob.download(0, 3, { rangeGetContentMD5: true });
    assert.deepEqual(Buffer.from(range.contentMD5 ?? []), createHash("md5").update("hel").digest());
    assert.deepEqual(Buffer.from(range.blobContentMD5 ?? []), md5);
    const put = async (headers: Record<string, string>) => {
      const { status, headers: answered } = await raw(
        "PUT",
        "box/checked",
        { "x-ms-blob-type": "BlockBlob", ...headers },
        "hello",
      );
      return `${status} ${answered["x-ms-error-code"] ?? ""}`;
    };
    const crc = (text: string) => new Crc64().update(Buffer.from(text)).digest().toString("base64");
    assert.equal(
      await put({ "content-md5": createHash("md5").update("other").digest("base64") }),
      "400 Md5Mismatch",
    );
    assert.equal(await put({ "content-md5": "abc" }), "400 InvalidMd5");
    assert.equal(await put({ "x-ms-content-crc64": crc("other") }), "400 Crc64Mismatch");
    assert.equal((await raw("GET", "box/checked")).status, 404);
    assert.equal(await put({ "x-ms-content-crc64": crc("hello") }), "201 ");
    assert.equal(await put({ "content-md5": md5.toString("base64") }), "201 ");
  });

  it("takes a content out of a structured message, and puts one into it", async () => {
    const parts: Buffer[] = [];
    for await (const part of encodeStructured(toAsync(Buffer.from("abc")), 3)) parts.push(part);
    const message = Buffer.concat(parts);
    const structured = {
      "x-ms-structured-body": "XSM/1.0; properties=crc64",
      "x-ms-structured-content-length": "3",
    };
    const put = (body: Buffer) =>
      raw("PUT", "box/framed", { "x-ms-blob-type": "BlockBlob", ...structured }, body);
    const { status, headers } = await put(message);
    assert.deepEqual([status, headers["x-ms-structured-body"]], [201, structured["x-ms-structured-body"]]);
    assert.equal((await container.getBlobClient("framed").downloadToBuffer()).toString(), "abc");
    const framed = await raw("GET", "box/framed", {
      "x-ms-structured-body": structured["x-ms-structured-body"],
    });
    assert.equal(framed.headers["content-length"], "42");
    assert.equal(framed.headers["x-ms-structured-content-length"], "3");
    message[24] = 0;
    assert.equal((await put(message)).headers["x-ms-error-code"], "Crc64Mismatch");
  });

  it("honours leases", async () => {
    const blob = await upload();
    const lease = blob.getBlobLeaseClient();
    await lease.acquireLease(15);
    assert.equal((await blob.getProperties()).leaseState, "leased");
    const write = (leaseId?: string) =>
      blob.upload("x", 1, { conditions: leaseId === undefined ? {} : { leaseId } });
    await assert.rejects(write(), { statusCode: 412, code: "LeaseIdMissing" });
    await assert.rejects(blob.delete(), { code: "LeaseIdMissing" });
    await assert.rejects(blob.stageBlock("AAAA", "x", 1), { code: "LeaseIdMissing" });
    await assert.rejects(write(crypto.randomUUID()), { code: "LeaseIdMismatchWithBlobOperation" });
    await write(lease.leaseId);
    await assert.rejects(blob.getBlobLeaseClient().acquireLease(15), {
      statusCode: 409,
      code: "LeaseAlreadyPresent",
    });
    await lease.renewLease();
    await lease.changeLease(crypto.randomUUID());
    await write(lease.leaseId);
    await lease.breakLease(0);
    assert.equal((await blob.getProperties()).leaseState, "broken");
    await lease.releaseLease();
    await write();
    await assert.rejects(write(lease.leaseId), { statusCode: 412, code: "LeaseNotPresentWithBlobOperation" });
  });

  it("joins blocks, and shows them", async () => {
    const blob = fresh();
    const id = (text: string) => Buffer.from(text).toString("base64");
    await blob.stageBlock(id("1"), "one ", 4);
    await blob.stageBlock(id("2"), "two ", 4);
    await blob.stageBlock(id("3"), "left out", 8);
    assert.equal(await blob.exists(), false);
    assert.equal((await blob.getBlockList("uncommitted")).uncommittedBlocks?.length, 3);
    await assert.rejects(blob.stageBlock(id("longer"), "x", 1), { code: "InvalidBlobOrBlock" });
    await blob.commitBlockList([id("2"), id("1")], { metadata: { kind: "blocks" } });
    assert.equal((await blob.downloadToBuffer()).toString(), "two one ");
    assert.deepEqual((await blob.getProperties()).metadata, { kind: "blocks" });
    const { committedBlocks = [], uncommittedBlocks = [] } = await blob.getBlockList("all");
    assert.deepEqual(
      [committedBlocks.map(({ name, size }) => [name, size]), uncommittedBlocks.length],
      [
        [
          [id("2"), 4],
          [id("1"), 4],
        ],
        0,
      ],
    );
    await blob.stageBlock(id("4"), "four", 4);
    await blob.commitBlockList([id("1"), id("4")]);
    assert.equal((await blob.downloadToBuffer()).toString(), "one four");
    await assert.rejects(blob.commitBlockList([id("9")]), { statusCode: 400, code: "InvalidBlockList" });
    await assert.rejects(blob.commitBlockList([id("1")], { conditions: { ifNoneMatch: "*" } }), {
      statusCode: 409,
      code: "BlobAlreadyExists",
    });
  });

  it("takes 100 MB in blocks at once", async () => {
    const content = randomBytes(100 * 1024 * 1024);
    const blob = fresh();
    await blob.uploadData(content, { blockSize: 8 * 1024 * 1024, concurrency: 5, maxSingleShotSize: 1024 });
    const { contentLength } = await blob.getProperties();
    assert.equal(contentLength, content.length);
    const back = await blob.downloadToBuffer(0, undefined, { concurrency: 5 });
    assert.ok(back.equals(content));
    await blob.delete();
  });

  it("lists pages, prefixes and a hierarchy, with metadata if asked", async () => {
    const listed = service.getContainerClient("listed");
    await listed.create({ metadata: { about: "lists" } });
    for (const name of ["a", "b/1", "b/2", "b/c/3", "d"]) {
      await listed.getBlockBlobClient(name).upload("x", 1, { metadata: { Name: name } });
    }
    const pages: string[][] = [];
    for await (const { segment } of listed.listBlobsFlat().byPage({ maxPageSize: 2 })) {
      pages.push(segment.blobItems.map(({ name }) => name));
    }
    assert.deepEqual(pages, [["a", "b/1"], ["b/2", "b/c/3"], ["d"]]);
    const levels: string[] = [];
    for await (const { kind, name } of listed.listBlobsByHierarchy("/", { prefix: "b/" }))
      levels.push(`${kind} ${name}`);
    assert.deepEqual(levels.sort(), ["blob b/1", "blob b/2", "prefix b/c/"]);
    const [first] = [
      ...(await listed.listBlobsFlat({ includeMetadata: true }).byPage().next()).value.segment.blobItems,
    ];
    assert.deepEqual(first.metadata, { Name: "a" });
    assert.equal(first.properties.contentLength, 1);
    assert.ok(first.properties.contentMD5);
  });

  it("makes, lists, describes and deletes containers", async () => {
    const made = service.getContainerClient("made");
    await made.create({ metadata: { team: "data" } });
    await assert.rejects(made.create(), { statusCode: 409, code: "ContainerAlreadyExists" });
    await assert.rejects(service.getContainerClient("NotAName").create(), {
      statusCode: 400,
      code: "InvalidResourceName",
    });
    assert.deepEqual((await made.getProperties()).metadata, { team: "data" });
    await made.setMetadata({ team: "other" });
    const names: string[] = [];
    for await (const { name, metadata } of service.listContainers({ includeMetadata: true, prefix: "ma" })) {
      names.push(`${name} ${metadata?.team}`);
    }
    assert.deepEqual(names, ["made other"]);
    const arm = await emulator.arm(
      "GET",
      `${emulator.group}/providers/Microsoft.Storage/storageAccounts/stored/blobServices/default/containers/made`,
    );
    assert.equal(arm.json.properties.metadata.team, "other");
    await made.delete();
    assert.equal(await made.exists(), false);
    await assert.rejects(made.getBlockBlobClient("x").upload("x", 1), {
      statusCode: 404,
      code: "ContainerNotFound",
    });
  });

  it("refuses what it does not have by its name", async () => {
    const blob = await upload();
    const refused = (call: Promise<unknown>, name: RegExp) =>
      assert.rejects(call, { statusCode: 501, code: "NotImplemented", message: name });
    await refused(blob.createSnapshot(), /Snapshot Blob/);
    await refused(blob.setTags({ a: "b" }), /Set Blob Tags/);
    await refused(blob.setAccessTier("Cool"), /Set Blob Tier/);
    await refused(blob.syncCopyFromURL(blob.url), /copying/);
    await refused(blob.undelete(), /Undelete Blob/);
    await refused(blob.upload("x", 1, { tags: { a: "b" } }), /blob tags/);
    await refused(container.getAppendBlobClient("log").create(), /AppendBlob/);
    await refused(container.getPageBlobClient("disk").create(512), /page blobs/);
    await refused(container.getBlobLeaseClient().acquireLease(15), /Lease Container/);
    await refused(container.getAccessPolicy(), /Get Container ACL/);
    await refused(service.getProperties(), /Get Blob Service Properties/);
    await refused(
      service.getUserDelegationKey(new Date(), new Date(Date.now() + 60_000)),
      /User Delegation Key/,
    );
    assert.equal(
      (await raw("GET", "box/x?comp=nosuch")).headers["x-ms-error-code"],
      "InvalidQueryParameterValue",
    );
  });
});

async function* toAsync(content: Buffer) {
  yield content;
}
