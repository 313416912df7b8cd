import { packagesRoot } from "../../../kit/testing/packages-root";
import { createEngine, type Engine, type PulumiChoice } from "..";
import type { EngineContext } from "../deployer-environment";
import type { StackRequest } from "../engine";
import type { MemoryControlPlane } from "./memory-control-plane";
import { type ToyOptions, toyConfig, toyProgram } from "./toy-program";

export const toyProject = { name: "toy", root: packagesRoot() };

/** Context of an emulator without services. */
export const toyContext: EngineContext = {
  subscriptionId: "11111111-1111-1111-1111-111111111111",
  tenantId: "22222222-2222-2222-2222-222222222222",
  httpsUrl: "https://127.0.0.1:1",
  certificates: { caFile: "" },
  principals: {
    deployer: {
      objectId: "33333333-3333-3333-3333-333333333333",
      clientId: "44444444-4444-4444-4444-444444444444",
      displayName: "deployer",
      kind: "ServicePrincipal",
      secret: "deployer-secret-5d2e",
    },
  },
};

export function toyEngine(
  folder: string,
  controlPlane: MemoryControlPlane,
  pulumi: PulumiChoice,
): Promise<Engine> {
  return createEngine({ project: toyProject, folder, controlPlane, pulumi, context: toyContext });
}

export function toyStack(options: ToyOptions = {}): StackRequest {
  return { name: "dev", config: toyConfig, program: toyProgram(options) };
}
