import type { StackRequest } from "../../packages/azure-emulator/engine";
import type { DeployingEmulator } from "../commands/bring-up";
import { deployStack, stackRequest } from "../deploy-stack";
import { deployedEnvironments, forgetEnvironment } from "../environment";
import { readTenantStack } from "../tenant-stack";
import { eachTenant, notHere, type TenantsRequest } from "./each-tenant";

/** Verbs that need the emulator. */
export type EmulatorVerb = "up" | "drift" | "destroy";

type Work = (emulator: DeployingEmulator, request: TenantsRequest) => Promise<void>;

export const emulatorWork: Readonly<Record<EmulatorVerb, Work>> = {
  up: (emulator, request) =>
    eachTenant(request, async (stack, options) => {
      const { azure, engine, signals } = emulator;
      const place = { projectRoot: request.root, folder: request.folder, stack };
      await signals.finishing(deployStack(azure, engine, place, { ...options, refresh: request.refresh }));
      return {};
    }),

  /** Reports where the emulator differs from what was deployed. */
  async drift(emulator, request) {
    const deployed = new Set((await deployedEnvironments(request.folder)).map(({ stack }) => stack));
    await eachTenant(request, async (tenant, options) => {
      if (!deployed.has(tenant)) return notHere(tenant, "It is not deployed here.");
      const { engine, signals } = emulator;
      await signals.finishing(engine.refreshPreview(requestOf(emulator, request.root, tenant), options));
      return {};
    });
  },

  destroy: (emulator, request) =>
    eachTenant(request, async (tenant, options) => {
      const { engine, signals } = emulator;
      await signals.finishing(engine.destroy(requestOf(emulator, request.root, tenant), options));
      await forgetEnvironment(request.folder, tenant);
      return {};
    }),
};

/** A tenant's stack as the engine's request. */
function requestOf({ azure }: DeployingEmulator, root: string, tenant: string): StackRequest {
  return stackRequest(readTenantStack(root, tenant, azure.context));
}
