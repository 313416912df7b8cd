import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type ExistingKind, kinds } from "../../infra/existing/kinds";
import type { RoleFile, RoleName } from "../../infra/roles/role-files";
import { placesAround } from "../../infra/steps/existing-resource";
import { goldenFolder } from "../../infra/testing/golden-program";
import {
  actionOf,
  azureResourceTypes,
  type ResourceTypeDescriptor,
  rightsOf,
  type TypeRights,
} from "../../packages/azure-resource-types";
import type { RecordedRights, Rights } from "./recorded-rights";

const words: Readonly<Record<RoleName, { readonly name: string; readonly description: string }>> = {
  deployer: {
    name: "Quantemplate deployer",
    description:
      "Deploys and destroys tenants of Quantemplate. Assigns no role: that is the Quantemplate role assigner.",
  },
  "role-assigner": {
    name: "Quantemplate role assigner",
    description:
      "Gives a tenant's identities their roles. Assign it with a condition that names the roles (docs/rights.md).",
  },
  "role-author": {
    name: "Quantemplate role author",
    description:
      "Makes the custom role that starts a tenant's pipelines. Not needed if the tenant names an existing one.",
  },
  preview: { name: "Quantemplate preview", description: "Previews deployments of tenants of Quantemplate." },
  drift: {
    name: "Quantemplate drift",
    description: "Compares what is deployed of tenants of Quantemplate with its program; changes nothing.",
  },
  migration: {
    name: "Quantemplate migration",
    description: "Brings a tenant's database up to date, through the firewall of its server.",
  },
};

/** What drift does without, and why; it says that it cannot see the step (QT1210). */
export const unseenByDrift: Readonly<Record<string, string>> = {
  "Microsoft.Web/sites/publish/Action": "whoever has it can replace the function's code",
  "Microsoft.Web/sites/functions/listkeys/action": "whoever has it can read the tenant's data with a key",
};

/** The descriptors of what the program deploys, for any tenant: those of its golden pictures. */
export function deployedTypes(): readonly ResourceTypeDescriptor[] {
  const keys = readdirSync(goldenFolder).flatMap((file) => {
    const picture = parse(readFileSync(join(goldenFolder, file), "utf8")) as { resources: object };
    return Object.keys(picture.resources);
  });
  const tokens = new Set(keys.map((key) => key.split("::")[0] ?? ""));
  const found = [...tokens].map((token) => azureResourceTypes.byToken(token)?.type);
  return [...new Set(found)].flatMap((type) => azureResourceTypes.byType(type ?? "") ?? []);
}

/** The rights that azure-native needs for what the program deploys. */
export function providerRights(...parts: readonly (keyof TypeRights)[]): string[] {
  return deployedTypes().flatMap((described) => parts.flatMap((part) => rightsOf(described)[part]));
}

/** The reads of what a tenant may use instead of making it (`existing`): each preview and each deployment checks it. */
export function existingReads(): string[] {
  return Object.values(kinds).map(({ type }) => actionOf(type, "read"));
}

/** What is read around it, and what may be done there. A preview without such a right judges less, and says nothing. */
export function neighbourReads(): string[] {
  const wanted = {
    ...{ stack: "acme", location: "westeurope", subscriptionId: "s", tenantId: "t", sqlAdmin: "a" },
    subnets: [sampleId(kinds.functionSubnet.type)],
  };
  const places = (Object.keys(kinds) as ExistingKind[]).flatMap((kind) =>
    Object.values(placesAround({ ...wanted, kind, id: sampleId(kinds[kind].type) })),
  );
  return [
    "Microsoft.Authorization/permissions/read",
    ...places.map(({ id }) => actionOf(typeAt(id), "read")),
  ];
}

function sampleId(type: string): string {
  const [namespace, ...names] = type.split("/");
  return `/subscriptions/s/resourceGroups/g/providers/${[namespace, ...names.map((name) => `${name}/x`)].join("/")}`;
}

/** The type of a resource, or of the members of a list. */
function typeAt(path: string): string {
  const [, below] = path.split("/providers/");
  if (below === undefined) return "Microsoft.Resources/resourceGroups";
  const [namespace, ...rest] = below.split("/");
  return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join("/");
}

/** The roles, of the rights that requests needed and those that azure-native needs for the program's types. */
export function computeRoles(recorded: RecordedRights): Readonly<Record<RoleName, RoleFile>> {
  const brought = [...existingReads(), ...neighbourReads()];
  const deployer = [...recorded.deployer.actions, ...providerRights("read", "write", "delete"), ...brought];
  const drift = [...recorded.drift.actions, ...providerRights("read"), ...brought];
  const about = (kind: string) => (action: string) =>
    action.toLowerCase().startsWith(`microsoft.authorization/${kind.toLowerCase()}/`);
  const [assigns, defines] = [about("roleAssignments"), about("roleDefinitions")];
  const role = (name: RoleName, actions: readonly string[], dataActions: readonly string[] = []) =>
    roleFile(name, { actions, dataActions });
  return {
    deployer: role(
      "deployer",
      deployer.filter((action) => brought.includes(action) || (!assigns(action) && !defines(action))),
      recorded.deployer.dataActions,
    ),
    "role-assigner": role("role-assigner", deployer.filter(assigns)),
    "role-author": role("role-author", deployer.filter(defines)),
    preview: role("preview", [...recorded.preview.actions, ...brought], recorded.preview.dataActions),
    drift: role(
      "drift",
      drift.filter((action) => !Object.hasOwn(unseenByDrift, action)),
      recorded.drift.dataActions,
    ),
    migration: role("migration", recorded.migration.actions, recorded.migration.dataActions),
  };
}

function roleFile(name: RoleName, { actions, dataActions }: Rights): RoleFile {
  return {
    Name: words[name].name,
    IsCustom: true,
    Description: words[name].description,
    Actions: sortedOnce(actions.map(toPattern)),
    NotActions: [],
    DataActions: sortedOnce(dataActions),
    NotDataActions: [],
    AssignableScopes: ["/subscriptions/00000000-0000-0000-0000-000000000000"],
  };
}

/**
 * Polls of operations as a pattern, as Azure's own SQL roles have them: a role definition refuses the names of some, although Azure asks for
 * them (https://github.com/Azure/azure-rest-api-specs/issues/13700).
 */
function toPattern(action: string): string {
  return action.replace(/^([^/]+\/locations)\/[^/]+\/read$/, "$1/*/read");
}

/** In one spelling each: Azure compares actions without case. */
function sortedOnce(actions: readonly string[]): string[] {
  const bySpelling = new Map([...actions].reverse().map((action) => [action.toLowerCase(), action]));
  return [...bySpelling].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, action]) => action);
}
