import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DeployingEmulator, startWithEngine, stopEmulator } from "../../../local/commands/bring-up";
import { removeEverything } from "../../../local/commands/server-choice";
import { projectRoot } from "../../../local/places";
import { deployedRegions, type Site } from "./factors";
import { makeSite } from "./site";

/** An emulator with a landing zone's policies, and in each region what tenants may bring. */
export interface LandingZone {
  readonly emulator: DeployingEmulator;
  readonly folder: string;
  readonly sites: ReadonlyMap<string, Site>;
  close(): Promise<void>;
}

interface PolicyFile {
  readonly policyDefinitions: readonly object[];
  readonly policySetDefinitions: readonly {
    readonly policyDefinitions: readonly { policyDefinitionId: string }[];
  }[];
  readonly policyAssignments: readonly { readonly name: string }[];
}

const policies = (path: string) => JSON.parse(readFileSync(join(projectRoot, path), "utf8")) as PolicyFile;

/**
 * The usual set with more regions, a cost centre that is added in place of asked for, and TLS 1.2. In a closed zone nothing has a
 * public endpoint but the Automation account, which answers webhooks (docs/private.md).
 */
function policyFile(isClosed: boolean): PolicyFile {
  const usual = policies("packages/azure-emulator/policies/landing-zone.json");
  const added = policies("test/fixtures/policies/add-cost-centre.json");
  const tls = policies("test/fixtures/policies/require-tls.json");
  const isKept = ({ name }: { name: string }) =>
    name !== "lz-tag-on-group" && (isClosed || name !== "lz-no-public-network");
  const listOfAllowedLocations = { value: deployedRegions };
  return {
    policyDefinitions: [usual, added, tls].flatMap(({ policyDefinitions }) => policyDefinitions),
    policySetDefinitions: usual.policySetDefinitions.map((set) => ({
      ...set,
      policyDefinitions: set.policyDefinitions.filter(
        ({ policyDefinitionId }) => !policyDefinitionId.endsWith("/deny-public-automation"),
      ),
    })),
    policyAssignments: [usual, added, tls]
      .flatMap(({ policyAssignments }) => policyAssignments)
      .filter(isKept)
      .map((assignment) =>
        assignment.name === "lz-allowed-locations"
          ? { ...assignment, parameters: { listOfAllowedLocations } }
          : assignment,
      ),
  };
}

/** The assignments that refuse an open account in a foreign region, as the zone's policies must. */
export async function refusingPolicies({ emulator: { azure } }: LandingZone): Promise<string[]> {
  const { context, controlPlane } = azure;
  const group = `/subscriptions/${context.subscriptionId}/resourceGroups/rg-platform-${deployedRegions[0]}`;
  const body = {
    ...{ location: "eastus", kind: "StorageV2", sku: { name: "Standard_LRS" } },
    properties: { publicNetworkAccess: "Enabled", minimumTlsVersion: "TLS1_0" },
  };
  const id = `${group}/providers/Microsoft.Storage/storageAccounts/stopen`;
  const refusal = await controlPlane.put(id, body, context.principals.deployer).then(
    () => "",
    (error: Error) => error.message,
  );
  return [...new Set(refusal.match(/lz-[\w-]+/g))].sort();
}

export async function startLandingZone(isClosed: boolean): Promise<LandingZone> {
  const folder = mkdtempSync(join(tmpdir(), "qt-combinations-"));
  const policy = join(folder, "policies.json");
  writeFileSync(policy, JSON.stringify(policyFile(isClosed)));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: quantemplate\nruntime: nodejs\n");
  const local = join(folder, "local");
  const emulator = await startWithEngine({
    folder: local,
    pulumi: "in-process",
    limits: "enterprise",
    policy,
  });
  const close = async () => {
    await stopEmulator(emulator);
    await removeEverything(local);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const sites = new Map<string, Site>();
    for (const location of deployedRegions)
      sites.set(location, await makeSite(emulator.azure, location, isClosed));
    return { emulator, folder, sites, close };
  } catch (error) {
    await close();
    throw error;
  }
}
