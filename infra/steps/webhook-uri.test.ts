import assert from "node:assert/strict";
import { mock } from "node:test";
import { ArmCallError, type AzureSession } from "./azure-session";
import { webhookUri } from "./webhook-uri";

describe("a webhook's URI", () => {
  const mint = async (uri: string, expiry = "") => {
    const session = { arm: async () => uri } as unknown as AzureSession;
    return (await webhookUri.ensure({ accountId: "/a", expiry }, session)).result;
  };

  it("has a webhook whose name follows from the URI and does not show it", async () => {
    const { name } = await mint("https://w/webhooks?token=t1");
    assert.match(name, /^dataset-updated-[0-9a-f]{8}$/);
    assert.equal((await mint("https://w/webhooks?token=t1")).name, name);
    assert.notEqual((await mint("https://w/webhooks?token=t2")).name, name);
  });

  for (const [now, expiryTime] of [
    ["2026-05-06T12:34:56.789Z", "2027-05-06T12:34:56.000Z"],
    ["2027-12-31T23:59:59.999Z", "2028-12-31T23:59:59.000Z"],
    ["2028-02-29T00:00:00.001Z", "2029-03-01T00:00:00.000Z"],
  ] as const) {
    it(`expires a year after it was minted, to the second: ${now}`, async () => {
      mock.timers.enable({ apis: ["Date"], now: new Date(now) });
      try {
        assert.equal((await mint("u")).expiryTime, expiryTime);
      } finally {
        mock.timers.reset();
      }
    });
  }

  it("is gone with its webhook, because Azure takes it only once", async () => {
    const inputs = { accountId: "/a", expiry: "" };
    const outcome = { result: await mint("u"), secret: { uri: "u" } };
    const read = (arm: (method: string, id: string) => Promise<unknown>) =>
      webhookUri.read?.(inputs, { arm } as unknown as AzureSession, outcome);
    assert.deepEqual(
      await read(async (method, id) => {
        assert.equal(`${method} ${id}`, `GET /a/webhooks/${outcome.result.name}`);
        return {};
      }),
      inputs,
    );
    const gone = new ArmCallError(404, { method: "GET", id: "/a", reason: "gone" });
    assert.equal(await read(() => Promise.reject(gone)), undefined);
  });
});
