import { stableGuid } from "../../infra/naming";
import type { RoleName } from "../../infra/roles/role-files";

/** The repository on GitHub whose workflows deploy, such as `acme/quantemplate`; `server` is `https://github.com` or one's own. */
export interface GitHubRepository {
  readonly owner: string;
  readonly name: string;
  readonly server: string;
}

/** A project of Azure DevOps; its service connections give issuer and subject. */
export interface AzureDevOpsProject {
  readonly organisation: string;
  readonly project: string;
}

/** One identity that a pipeline is. */
export interface PlannedIdentity {
  /** Of the app registration. */
  readonly displayName: string;
  /** The short name: `canary`, `general`, `preview`. */
  readonly name: string;
  /** The environments whose jobs are this identity. */
  readonly environments: readonly string[];
  /** Custom roles at the subscription. */
  readonly roles: readonly RoleName[];
  /** True if it changes Azure: it may write the state, and administers databases. */
  readonly deploys: boolean;
}

/** What the set-up makes, with its names. */
export interface SetupPlan {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly location: string;
  /** The id of the resource group with state and key. */
  readonly groupId: string;
  readonly account: string;
  readonly container: string;
  readonly vault: string;
  readonly key: string;
  /** Addresses that alone may reach the state; empty: any address, with a token. */
  readonly allowedIps: readonly string[];
  readonly identities: readonly PlannedIdentity[];
  readonly sqlGroup: string;
  readonly gitHub: GitHubRepository | undefined;
  readonly azureDevOps: AzureDevOpsProject | undefined;
}

export interface PlanOptions {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly location: string;
  /** What every name begins with: letters, digits, hyphens. */
  readonly prefix: string;
  readonly allowedIps?: readonly string[];
  readonly gitHub?: GitHubRepository | undefined;
  readonly azureDevOps?: AzureDevOpsProject | undefined;
}

const deployers: readonly RoleName[] = ["deployer", "role-assigner"];

/** The names derive from prefix and subscription, so that the same command finds again what it made. */
export function planOf(options: PlanOptions): SetupPlan {
  const { prefix, subscriptionId } = options;
  // Names of accounts and vaults are unique in the world.
  const suffix = stableGuid("setup", prefix, subscriptionId).slice(0, 8);
  const short = prefix.toLowerCase().replace(/[^a-z0-9]/g, "");
  const identity = (name: string, rest: Omit<PlannedIdentity, "displayName" | "name">): PlannedIdentity => ({
    displayName: `${prefix}-${name}`,
    name,
    ...rest,
  });
  return {
    tenantId: options.tenantId,
    subscriptionId,
    location: options.location,
    groupId: `/subscriptions/${subscriptionId}/resourceGroups/rg-${prefix}-state`,
    account: `st${short.slice(0, 14)}${suffix}`,
    container: "state",
    vault: `kv-${short.slice(0, 12)}-${suffix}`,
    key: "pulumi",
    allowedIps: options.allowedIps ?? [],
    identities: [
      identity("canary", { environments: ["canary"], roles: deployers, deploys: true }),
      identity("general", { environments: ["general"], roles: deployers, deploys: true }),
      identity("preview", {
        environments: ["preview", "drift"],
        roles: ["preview", "drift"],
        deploys: false,
      }),
    ],
    sqlGroup: `${prefix}-sql-administrators`,
    gitHub: options.gitHub,
    azureDevOps: options.azureDevOps,
  };
}

export const scopeOf = ({ subscriptionId }: SetupPlan) => `/subscriptions/${subscriptionId}`;
export const accountIdOf = ({ groupId, account }: SetupPlan) =>
  `${groupId}/providers/Microsoft.Storage/storageAccounts/${account}`;
export const vaultIdOf = ({ groupId, vault }: SetupPlan) =>
  `${groupId}/providers/Microsoft.KeyVault/vaults/${vault}`;
export const groupNameOf = ({ groupId }: SetupPlan) => groupId.split("/").at(-1) ?? "";

/** Pulumi's address of the state. */
export const backendOf = ({ container, account }: SetupPlan) =>
  `azblob://${container}?storage_account=${account}`;
