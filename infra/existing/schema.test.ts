import assert from "node:assert/strict";
import { reached } from "../network/reached";
import { existingSchema } from "./schema";

describe("the setting existing", () => {
  const under = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers";
  const subnet = (name: string) => `${under}/Microsoft.Network/virtualNetworks/vnet-platform/subnets/${name}`;
  const subnets = { functionSubnet: subnet("function"), endpointsSubnet: subnet("endpoints") };
  const zoneOf = (kind: keyof typeof reached) =>
    `${under}/Microsoft.Network/privateDnsZones/${reached[kind].zone}`;
  const zones = { sql: zoneOf("sql"), vault: zoneOf("vault"), blob: zoneOf("blob") };
  const refused = (value: unknown) => {
    const { error } = existingSchema.safeParse(value);
    return (error?.issues ?? []).map(({ path }) => path.join("."));
  };

  it("takes both subnets with the network's zones, or with a policy that writes the names", () => {
    assert.deepEqual(refused({ ...subnets, privateDnsZones: zones }), []);
    assert.deepEqual(refused({ ...subnets, privateDnsZones: { managedByPolicy: true } }), []);
  });

  it("refuses one subnet alone, and subnets of a network whose zones would be made", () => {
    assert.deepEqual(refused({ functionSubnet: subnets.functionSubnet }), ["endpointsSubnet"]);
    assert.deepEqual(refused(subnets), [
      "privateDnsZones.sql",
      "privateDnsZones.vault",
      "privateDnsZones.blob",
    ]);
    assert.deepEqual(refused({ ...subnets, privateDnsZones: { sql: zones.sql, vault: zones.vault } }), [
      "privateDnsZones.blob",
    ]);
  });
});
