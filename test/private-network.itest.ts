import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningEmulator, startHere, stopEmulator } from "../local/commands/bring-up";
import { landSample } from "../local/commands/demo";
import { sync } from "../local/commands/emulator-client";
import { removeEverything } from "../local/commands/server-choice";
import { deployStack, stackRequest } from "../local/deploy-stack";
import type { Environment } from "../local/environment";
import { commitAll, fleetProject } from "../local/fleet/testing/fleet-project";
import { edit } from "../local/fleet/testing/project-copy";
import { project } from "../local/places";
import { readTenantStack } from "../local/tenant-stack";
import { callerEnvironment } from "../packages/azure-emulator/control-plane/network/caller-environment";
import { createEngine, type Engine } from "../packages/azure-emulator/engine";
import { keyless } from "./support/emulator";

/** In a network that was there before, with a subnet in which deployments run. */
describe("A tenant with network: private", () => {
  const folder = mkdtempSync(join(tmpdir(), "qt-private-"));
  const local = join(folder, "local");
  let root: string;
  let emulator: RunningEmulator;
  let inside: Engine;
  let outside: Engine;
  let refused: string;
  let acme: Environment;

  const place = () => ({ projectRoot: root, folder: local, stack: "acme" });
  const engineIn = (environment: Record<string, string>) => {
    const { context, controlPlane } = emulator.azure;
    const withNetwork = { ...project, environment: { ...project.environment, ...environment } };
    return createEngine({ project: withNetwork, folder: local, pulumi: "in-process", context, controlPlane });
  };

  before(async () => {
    root = fleetProject(join(folder, "project"), ["acme"]);
    emulator = await startHere({ folder: local });
    const { context, controlPlane } = emulator.azure;
    const group = `/subscriptions/${context.subscriptionId}/resourceGroups/rg-network`;
    const network = `${group}/providers/Microsoft.Network/virtualNetworks/vnet-platform`;
    await controlPlane.put(group, { location: "westeurope" }, context.principals.deployer);
    const flex = [{ name: "flex", properties: { serviceName: "Microsoft.App/environments" } }];
    const subnet = (name: string, third: number, delegations: object[] = []) => ({
      name,
      properties: { addressPrefix: `10.90.${third}.0/24`, delegations },
    });
    await controlPlane.put(
      network,
      {
        location: "westeurope",
        properties: {
          addressSpace: { addressPrefixes: ["10.90.0.0/16"] },
          subnets: [subnet("function", 0, flex), subnet("endpoints", 1), subnet("runners", 2)],
        },
      },
      context.principals.deployer,
    );
    const existing = {
      functionSubnet: `${network}/subnets/function`,
      endpointsSubnet: `${network}/subnets/endpoints`,
    };
    edit(root, "Pulumi.yaml", (text) =>
      text.replace(
        "config:\n",
        `config:\n  existing: {default: ${JSON.stringify(existing)}}\n  network: private\n`,
      ),
    );
    commitAll(root);
    const runner = { kind: "subnet", subnetId: `${network}/subnets/runners` } as const;
    outside = await engineIn({});
    inside = await engineIn(await callerEnvironment(context, runner));
    refused = await deployStack(emulator.azure, outside, place()).then(
      () => "",
      (error: Error) => error.message,
    );
    acme = (await deployStack(emulator.azure, inside, place())).environment;
  });

  after(async () => {
    if (emulator !== undefined) await stopEmulator(emulator);
    await removeEverything(local);
    rmSync(folder, { recursive: true, force: true });
  });

  const one = (type: string) => {
    const [found, ...others] = emulator.azure.context.resources.list({ type });
    assert.ok(found !== undefined && others.length === 0, type);
    return found;
  };

  it("says from where its database is migrated, and goes on from there", () => {
    assert.match(refused, /QT1267/);
    assert.match(refused, /self-hosted runner/);
  });

  it("closes database, vault, storage and factory to the public", () => {
    for (const type of [
      "Microsoft.Sql/servers",
      "Microsoft.KeyVault/vaults",
      "Microsoft.Storage/storageAccounts",
      "Microsoft.DataFactory/factories",
    ])
      assert.equal(one(type).properties.publicNetworkAccess, "Disabled", type);
    assert.deepEqual(
      emulator.azure.context.resources.list({ type: "Microsoft.Sql/servers/firewallRules" }),
      [],
    );
  });

  it("lands an event and syncs it, through the endpoints alone", async () => {
    const landed = await landSample(acme, keyless, 40, 0);
    assert.equal(landed.load.status, "published");
    assert.equal((await sync(acme)).inserts, 40);
  });

  it("previews as unchanged", async () => {
    const stack = readTenantStack(root, "acme", emulator.azure.context);
    assert.deepEqual((await inside.preview(stackRequest(stack))).changes, []);
  });
});
