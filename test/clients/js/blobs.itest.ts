import assert from "node:assert/strict";
import { BlobServiceClient, type ContainerClient } from "@azure/storage-blob";
import { all, type ClientEmulator, createAccount, fresh, startClientEmulator } from "../client-emulator";

describe("@azure/storage-blob against the emulator", () => {
  let emulator: ClientEmulator;
  let service: BlobServiceClient;
  before(async () => {
    emulator = await startClientEmulator();
    service = new BlobServiceClient(await createAccount(emulator), emulator.credential);
  });
  after(() => emulator?.stop());

  async function newContainer(): Promise<ContainerClient> {
    const container = service.getContainerClient(fresh("box-"));
    await container.create({ metadata: { stage: "test" } });
    return container;
  }

  it("create, get, list, update and delete a container", async () => {
    const container = await newContainer();
    const { containerName } = container;
    await assert.rejects(container.create(), { statusCode: 409, code: "ContainerAlreadyExists" });
    assert.deepEqual((await container.getProperties()).metadata, { stage: "test" });
    await container.setMetadata({ stage: "other" });
    const listed = await all(service.listContainers({ prefix: "box-", includeMetadata: true }));
    assert.deepEqual(listed.find(({ name }) => name === containerName)?.metadata, { stage: "other" });
    await container.delete();
    assert.equal(await container.exists(), false);
    await assert.rejects(container.getProperties(), { statusCode: 404 });
  });

  it("create, get, list, update and delete a blob", async () => {
    const container = await newContainer();
    const blob = container.getBlockBlobClient("folder/a name");
    await blob.upload("hello", 5, { conditions: { ifNoneMatch: "*" }, metadata: { by: "suite" } });
    await assert.rejects(blob.upload("other", 5, { conditions: { ifNoneMatch: "*" } }), {
      statusCode: 409,
      code: "BlobAlreadyExists",
    });
    const { etag = "" } = await blob.getProperties();
    await blob.setMetadata({ by: "another" });
    await blob.setHTTPHeaders({ blobContentType: "text/plain" });
    await assert.rejects(blob.upload("other", 5, { conditions: { ifMatch: etag } }), {
      code: "ConditionNotMet",
    });
    const { metadata, contentType } = await blob.getProperties();
    assert.deepEqual([metadata, contentType], [{ by: "another" }, "text/plain"]);
    assert.equal((await blob.downloadToBuffer(1, 3)).toString(), "ell");
    assert.deepEqual(
      (await all(container.listBlobsFlat({ prefix: "folder/" }))).map(({ name }) => name),
      ["folder/a name"],
    );
    const lease = blob.getBlobLeaseClient();
    await lease.acquireLease(-1);
    await assert.rejects(blob.delete(), { code: "LeaseIdMissing" });
    await blob.delete({ conditions: { leaseId: lease.leaseId } });
    assert.equal(await blob.exists(), false);
  });

  it("upload a large blob in blocks and read it in parts", async () => {
    const blob = (await newContainer()).getBlockBlobClient("large");
    const content = Buffer.alloc(30 * 1024 * 1024, "0123456789abcdef-");
    await blob.uploadData(content, { blockSize: 4 * 1024 * 1024, maxSingleShotSize: 0, concurrency: 4 });
    assert.equal((await blob.getBlockList("committed")).committedBlocks?.length, 8);
    assert.ok((await blob.downloadToBuffer(0, undefined, { concurrency: 4 })).equals(content));
  });
});
