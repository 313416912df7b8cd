import assert from "node:assert/strict";
import { startFakeArm } from "../testing/fake-arm";
import { outsideOfNetwork } from "./database-migration";
import { endpointApproval } from "./endpoint-approval";
import { functionAllowList } from "./function-allow-list";

const targetId = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv";
const factoryId = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.DataFactory/factories/ADF-one";
const connection = (name: string, endpoint: string, status: string) => ({
  id: `${targetId}/privateEndpointConnections/${name}`,
  properties: {
    privateEndpoint: {
      id: `/subscriptions/m/resourceGroups/v/providers/Microsoft.Network/privateEndpoints/${endpoint}`,
    },
    privateLinkServiceConnectionState: { status },
  },
});

describe("The approval of a managed endpoint", () => {
  it("approves the factory's own connection, and no other that waits", async () => {
    const arm = await startFakeArm((call) => ({
      json:
        call.method === "GET"
          ? {
              value: [
                connection("a", "adf-other.vault", "Pending"),
                connection("b", "adf-one.vault", "Pending"),
                connection("c", "not-adf-one.vault2", "Pending"),
              ],
            }
          : {},
    }));
    try {
      await endpointApproval.ensure({ factoryId, endpoint: "vault", targetId }, arm.session);
      const puts = arm.calls.filter(({ method }) => method === "PUT");
      assert.deepEqual(
        puts.map(({ url }) => url.split("?")[0]),
        [`${targetId}/privateEndpointConnections/b`],
      );
      assert.match(String(puts[0]?.body), /"status":"Approved"/);
    } finally {
      await arm.close();
    }
  });

  it("waits until the connection arrives, then says that it has not", async () => {
    const arm = await startFakeArm(() => ({
      json: { value: [connection("a", "adf-other.vault", "Pending")] },
    }));
    try {
      const run = endpointApproval.ensure({ factoryId, endpoint: "vault", targetId }, arm.session);
      await assert.rejects(run, { code: "QT1268" });
      assert.ok(arm.pauses.length > 5);
    } finally {
      await arm.close();
    }
  });
});

describe("The list of who calls the function", () => {
  it("refuses everybody else, and nobody once it goes", async () => {
    const arm = await startFakeArm(() => ({ json: {} }));
    try {
      const inputs = { siteId: "/site", addresses: ["203.0.113.0/24", "198.51.100.7/32"] };
      await functionAllowList.ensure(inputs, arm.session);
      await functionAllowList.remove?.(inputs, arm.session, { result: {} });
      const [set, removed] = arm.calls.map(({ body }) => JSON.parse(body).properties);
      assert.deepEqual(
        set.ipSecurityRestrictions.map(({ ipAddress, action }: { ipAddress: string; action: string }) => [
          ipAddress,
          action,
        ]),
        [
          ["203.0.113.0/24", "Allow"],
          ["198.51.100.7/32", "Allow"],
        ],
      );
      assert.equal(set.ipSecurityRestrictionsDefaultAction, "Deny");
      assert.deepEqual(
        [removed.ipSecurityRestrictions, removed.ipSecurityRestrictionsDefaultAction],
        [[], "Allow"],
      );
    } finally {
      await arm.close();
    }
  });
});

describe("A migration from outside of the network", () => {
  it("says from where it must run, and nothing of another failure", () => {
    const place = { server: "sql.test", database: "db" };
    const refusal = new Error(
      "Reason: Deny Public Network Access is set to Yes. To connect, use the Private Endpoint.",
    );
    const wrapped = new Error("QT4035: it failed", { cause: refusal });
    assert.equal(outsideOfNetwork(place, wrapped)?.code, "QT1267");
    assert.equal(outsideOfNetwork(place, new Error("Login failed")), undefined);
  });
});
