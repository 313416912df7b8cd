import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { landSample } from "../../../local/commands/demo";
import { sync } from "../../../local/commands/emulator-client";
import { connectStack, stackRequest } from "../../../local/deploy-stack";
import { readTenantStack, type TenantStack } from "../../../local/tenant-stack";
import { registerApplication } from "../../../packages/azure-emulator/control-plane/graph/register-application";
import { callerEnvironment } from "../../../packages/azure-emulator/control-plane/network/caller-environment";
import type { StackRequest } from "../../../packages/azure-emulator/engine";
import { driftOf } from "../drift";
import { keyed } from "../emulator";
import type { Row } from "./all-pairs";
import { isClosed, type Site, stackFile } from "./factors";
import type { LandingZone } from "./landing-zone";

const ROWS = 30;

/**
 * A tenant's life with the row's settings: made, an event through to Fivetran's page, an empty preview, no drift, and gone.
 * @throws Error with the stage that failed as the beginning of its message
 */
export async function runCombination(zone: LandingZone, tenant: string, row: Row): Promise<void> {
  const { azure, engine } = zone.emulator;
  const site = zone.sites.get(row.region ?? "");
  assert.ok(site, row.region);
  const asBefore = everything(zone);
  writeFileSync(join(zone.folder, `Pulumi.${tenant}.yaml`), stackFile(row, site));
  const stack = readTenantStack(zone.folder, tenant, azure.context);
  await registerStarter(zone, stack);
  const outside = stackRequest(stack);

  const request = await stage("runner", () => requestInside(zone, row, site, outside));
  const deployed = await stage("up", () => engine.up(request));
  const environment = await connectStack(azure, stack, deployed);
  await stage("event", async () => {
    const { load } = await landSample(environment, keyed, ROWS, 0);
    assert.equal(load.status, "published");
    assert.equal((await sync(environment)).inserts, ROWS);
  });
  await stage("preview", async () => assert.deepEqual((await engine.preview(request)).changes, []));
  await stage("drift", async () => assert.deepEqual(await driftOf(engine, request), []));
  await stage("destroy", () => engine.destroy(request));
  await stage("what is left", () => assert.deepEqual(everything(zone), asBefore));
}

/** A deployment of a closed database runs in the network. One that the tenant makes is there after a first run. */
async function requestInside(
  { emulator }: LandingZone,
  row: Row,
  { network }: Site,
  outside: StackRequest,
): Promise<StackRequest> {
  const { azure, engine } = emulator;
  if (!isClosed(row)) return outside;
  const environmentIn = async (subnetId: string) => ({
    ...outside,
    environment: await callerEnvironment(azure.context, { kind: "subnet", subnetId }),
  });
  const inGiven = await environmentIn(network.endpointsSubnet.replace(/endpoints$/, "runners"));
  if (row.network !== "privateOwn") return inGiven;
  await assert.rejects(engine.up(outside), /QT1267/);
  const [own] = azure.context.resources
    .list({ type: "Microsoft.Network/virtualNetworks" })
    .filter(({ id }) => !id.endsWith("/vnet-platform"));
  assert.ok(own);
  return environmentIn(`${own.id}/subnets/endpoints`);
}

/** In Azure somebody registered it before. */
async function registerStarter({ emulator }: LandingZone, { credential }: TenantStack): Promise<void> {
  if (credential === undefined) return;
  const { clientSecret: secret, ...starter } = credential;
  const application = { ...starter, secret, displayName: "starter" };
  await registerApplication(emulator.azure.context.directory, application);
}

/** All resources by their id, but the secrets of a shared vault, which Azure deletes over the vault's own address only. */
function everything({ emulator }: LandingZone): Readonly<Record<string, string>> {
  const resources = emulator.azure.context.resources.list();
  return Object.fromEntries(
    resources
      .filter(({ id }) => !/\/vaults\/kv-platform[^/]*\/secrets\//.test(id))
      .map((resource) => [resource.id, JSON.stringify(resource)]),
  );
}

async function stage<T>(name: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}
