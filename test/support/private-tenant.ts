import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExistingSettings } from "../../infra/existing/schema";
import { type RunningEmulator, startHere, stopEmulator } from "../../local/commands/bring-up";
import { removeEverything } from "../../local/commands/server-choice";
import { deployStack, stackRequest } from "../../local/deploy-stack";
import type { Environment } from "../../local/environment";
import { commitAll, fleetProject } from "../../local/fleet/testing/fleet-project";
import { edit } from "../../local/fleet/testing/project-copy";
import { project } from "../../local/places";
import { readTenantStack } from "../../local/tenant-stack";
import { callerEnvironment } from "../../packages/azure-emulator/control-plane/network/caller-environment";
import {
  createEngine,
  type Engine,
  type RunOptions,
  type StackRequest,
} from "../../packages/azure-emulator/engine";
import { type GivenNetwork, makeSubnets, networkIds, networkOf } from "./platform-network";

/** The tenant acme with `network: private`, beside the network of a platform team in which deployments run. */
export interface PrivateTenant {
  readonly emulator: RunningEmulator;
  readonly platform: PlatformNetwork;
  /** On a machine in the subnet `runners` of the platform's network. */
  readonly inside: Engine;
  /** On a machine outside of every network. */
  readonly outside: Engine;
  up(engine: Engine, options?: RunOptions): Promise<Environment>;
  /** The message with which a deployment ends; empty if it does not fail. */
  refusalOf(engine: Engine): Promise<string>;
  request(): StackRequest;
  put(id: string, body: object): Promise<void>;
  remove(id: string): Promise<void>;
  close(): Promise<void>;
}

export interface PlatformNetwork {
  readonly group: string;
  readonly network: string;
  /** Its subnets as the setting `existing` names them. */
  readonly subnets: Pick<GivenNetwork, "functionSubnet" | "endpointsSubnet">;
  /** The zones in its group, whether they are there or not. */
  readonly zones: GivenNetwork["privateDnsZones"];
}

/** @param choose What the tenant uses of the platform; without it, it has a network of its own. */
export async function privateTenant(
  choose: (platform: PlatformNetwork) => ExistingSettings = () => ({}),
): Promise<PrivateTenant> {
  const folder = mkdtempSync(join(tmpdir(), "qt-private-"));
  const local = join(folder, "local");
  const root = fleetProject(join(folder, "project"), ["acme"]);
  const emulator = await startHere({ folder: local });
  const { context, controlPlane } = emulator.azure;
  const { deployer } = context.principals;
  const put = async (id: string, body: object) => {
    await controlPlane.put(id, body, deployer);
  };
  const platform = platformIn(context.subscriptionId);
  await makeSubnets(put, platform.group);
  const existing = JSON.stringify(choose(platform));
  edit(root, "Pulumi.yaml", (text) =>
    text.replace("config:\n", `config:\n  existing: {default: ${existing}}\n  network: private\n`),
  );
  commitAll(root);
  const engineIn = (environment: Record<string, string>) =>
    createEngine({
      project: { ...project, environment: { ...project.environment, ...environment } },
      ...{ folder: local, pulumi: "in-process", context, controlPlane },
    });
  const runner = { kind: "subnet", subnetId: `${platform.network}/subnets/runners` } as const;
  const place = { projectRoot: root, folder: local, stack: "acme" };
  const up: PrivateTenant["up"] = async (engine, options) =>
    (await deployStack(emulator.azure, engine, place, options)).environment;
  return {
    ...{ emulator, platform, put, up },
    inside: await engineIn(await callerEnvironment(context, runner)),
    outside: await engineIn({}),
    refusalOf: (engine) =>
      up(engine).then(
        () => "",
        (error: Error) => error.message,
      ),
    request: () => stackRequest(readTenantStack(root, "acme", context)),
    remove: (id) => controlPlane.delete(id, deployer),
    async close() {
      await stopEmulator(emulator);
      await removeEverything(local);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function platformIn(subscriptionId: string): PlatformNetwork {
  const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-network`;
  const { privateDnsZones: zones, ...subnets } = networkIds(group);
  return { group, network: networkOf(subnets), subnets, zones };
}
