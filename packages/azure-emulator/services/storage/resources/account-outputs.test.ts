import assert from "node:assert/strict";
import type { ArmResource } from "../../../control-plane/resource";
import { accountOutputs } from "./account-outputs";

const BLOB = "https://127.0.0.1:20000/acc/";

describe("a storage account's outputs", () => {
  const made = (more: object = {}, existing?: ArmResource) =>
    accountOutputs(
      { body: { location: "westeurope", sku: { name: "Standard_LRS" }, ...more }, existing },
      BLOB,
    );

  it("have what Azure always answers", () => {
    const { kind, sku, properties = {} } = made();
    assert.equal(kind, "StorageV2");
    assert.deepEqual(sku, { name: "Standard_LRS", tier: "Standard" });
    assert.deepEqual(properties.primaryEndpoints, {
      dfs: "https://127.0.0.1:20000/acc.dfs/",
      web: "https://127.0.0.1:20000/acc.web/",
      blob: BLOB,
      queue: "https://127.0.0.1:20000/acc.queue/",
      table: "https://127.0.0.1:20000/acc.table/",
      file: "https://127.0.0.1:20000/acc.file/",
    });
    assert.equal(properties.accessTier, "Hot");
    assert.deepEqual(properties.networkAcls, {
      bypass: "AzureServices",
      virtualNetworkRules: [],
      ipRules: [],
      defaultAction: "Allow",
    });
    const { keySource, services } = properties.encryption as {
      readonly keySource: string;
      readonly services: Readonly<Record<string, { readonly enabled: boolean; readonly keyType: string }>>;
    };
    assert.equal(keySource, "Microsoft.Storage");
    assert.deepEqual(Object.keys(services).sort(), ["blob", "file"]);
    assert.equal(services.blob?.enabled, true);
    assert.equal(services.file?.keyType, "Account");
    const keys = properties.keyCreationTime as { readonly key1: string; readonly key2: string };
    assert.ok(Date.parse(keys.key1) <= Date.now() && keys.key1 === keys.key2);
    assert.deepEqual(properties.privateEndpointConnections, []);
    assert.equal(properties.secondaryLocation, undefined);
  });

  it("follow kind and size", () => {
    const endpoints = (more: object) => Object.keys(made(more).properties?.primaryEndpoints ?? {});
    assert.deepEqual(endpoints({ sku: { name: "Premium_LRS" } }), ["blob"]);
    assert.deepEqual(endpoints({ kind: "FileStorage", sku: { name: "Premium_LRS" } }), ["file"]);
    const geo = made({ sku: { name: "Standard_RAGRS" } }).properties;
    assert.equal(geo?.secondaryLocation, "northeurope");
    assert.equal(geo?.statusOfSecondary, "available");
    assert.equal(made({ kind: "Storage" }).properties?.accessTier, undefined);
    assert.deepEqual(made({ kind: "BlockBlobStorage", sku: { name: "Premium_LRS" } }).sku, {
      name: "Premium_LRS",
      tier: "Premium",
    });
  });

  it("keep what was made for a new account, and follow its settings", () => {
    const first = made();
    const existing: ArmResource = { id: "/x", name: "acc", type: "x", properties: first.properties ?? {} };
    const second = made({}, existing);
    assert.deepEqual(second, first);
    const properties = {
      accessTier: "Cool",
      networkAcls: { defaultAction: "Deny" },
      encryption: { services: { queue: { keyType: "Account" } } },
    };
    const changed = made({ properties }, existing).properties ?? {};
    assert.equal(changed.accessTier, "Cool");
    assert.deepEqual(changed.networkAcls, { defaultAction: "Deny" });
    const { services } = changed.encryption as { readonly services: Readonly<Record<string, object>> };
    assert.deepEqual(Object.keys(services).sort(), ["blob", "file", "queue"]);
    const before = first.properties?.encryption as { readonly services: Readonly<Record<string, object>> };
    assert.deepEqual(services.blob, before.services.blob);
    assert.deepEqual(changed.keyCreationTime, first.properties?.keyCreationTime);
  });
});
