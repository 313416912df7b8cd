import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { stringify } from "yaml";
import { SECRET_KEY } from "../config-check";
import { deployTenant } from "../program";
import type { NameContents } from "./known-contents";
import { isSecretValue, type MockRun, type Registration, runWithMocks } from "./mock-cloud";
import type { PicturedTenant } from "./pictured-tenants";

/** The program's resources, with inputs and options, and its outputs, as text for review as a diff. */
export async function pictureOf(tenant: PicturedTenant, nameContents: NameContents): Promise<string> {
  const run = await runWithMocks(deployTenant, tenant.config, [SECRET_KEY], tenant);
  const versions = packageVersions(run);
  const resources = run.registrations.map(
    (registration) => [shortUrn(registration.urn), resourceOf(registration, versions, nameContents)] as const,
  );
  const keys = new Set(resources.map(([key]) => key));
  if (keys.size < resources.length) throw new Error("Two resources have the same type and name.");
  const outputs = Object.entries(run.outputs).map(([name, value]) => {
    const reads = shortUrns(run.outputSources[name] ?? []);
    const shown = run.secrets.includes(name) ? { [SECRET]: value } : value;
    return [name, { ...(reads.length > 0 && { reads }), value: sorted(markSecrets(shown)) }] as const;
  });
  return `# ${tenant.shows}\n# Made by \`npm run golden:program\`; do not edit. What Azure would answer is made up.\n${stringify(
    {
      stack: tenant.stack,
      packages: sorted(Object.fromEntries(versions)),
      resources: Object.fromEntries([...resources].sort(([a], [b]) => (a < b ? -1 : 1))),
      outputs: Object.fromEntries(outputs.sort(([a], [b]) => (a < b ? -1 : 1))),
    },
    // No anchors: you read each resource by itself.
    { lineWidth: 0, aliasDuplicateObjects: false },
  )}`;
}

/** The key above a secret. */
const SECRET = "(secret)";

/** Fields of a request that belong to the SDK's protocol rather than to the program, and fields that are shown elsewhere. */
const leftOut = new Set([
  ...["type", "name", "custom", "object", "version", "deletebeforereplacedefined", "propertydependenciesMap"],
  ...[
    "acceptsecrets",
    "acceptresources",
    "acceptsByteString",
    "supportspartialvalues",
    "supportsresultreporting",
  ],
  ...["aliasspecs", "sourceposition", "stacktrace", "parentstacktracehandle", "packageref", "snippetid"],
]);

/** Names of the options as a program writes them; any other field of a request keeps its name. */
const optionNames: Readonly<Record<string, string>> = {
  dependenciesList: "dependsOn",
  deletebeforereplace: "deleteBeforeReplace",
  ignorechangesList: "ignoreChanges",
  additionalsecretoutputsList: "additionalSecretOutputs",
  aliasesList: "aliases",
  importid: "import",
  customtimeouts: "customTimeouts",
  providersMap: "providers",
  replaceonchangesList: "replaceOnChanges",
  plugindownloadurl: "pluginDownloadURL",
  retainondelete: "retainOnDelete",
  deletedwith: "deletedWith",
  replaceWithList: "replaceWith",
  hidediffsList: "hideDiffs",
};

function resourceOf(
  { request, outputs }: Readonly<Registration>,
  versions: ReadonlyMap<string, string>,
  nameContents: NameContents,
): object {
  const { __provider, ...inputs } = request.getObject()?.toJavaScript() ?? {};
  const reads = inputDependencies(request);
  const isOtherVersion = request.getVersion() !== (versions.get(packageOf(request)) ?? "");
  return {
    ...options(request, reads),
    ...(isOtherVersion && { version: request.getVersion() }),
    // Resources whose outputs are in the inputs.
    ...(reads.length > 0 && { reads }),
    ...(Object.keys(inputs).length > 0 && { inputs: sorted(markSecrets(nameContents(inputs))) }),
    // The provider's code, which goes into the state; a change of it never changes the resource (infra/steps/step.ts).
    ...(__provider !== undefined && { provider: "(serialised)" }),
    ...(outputs && Object.keys(outputs).length > 0 && { outputs: sorted(markSecrets(outputs)) }),
  };
}

function options(request: RegisterResourceRequest, reads: readonly string[]): Record<string, unknown> {
  const fields: Readonly<Record<string, unknown>> = {
    ...request.toObject(),
    parent: parentOf(request),
    deletedwith: shortUrn(request.getDeletedwith()),
    replaceWithList: request.getReplaceWithList().map(shortUrn).sort(),
    // Only the ones that the program names itself.
    dependenciesList: shortUrns(request.getDependenciesList()).filter((urn) => !reads.includes(urn)),
    aliasesList: ownAliases(request),
    deletebeforereplace: request.getDeletebeforereplacedefined()
      ? request.getDeletebeforereplace()
      : undefined,
    customtimeouts: Object.fromEntries(
      Object.entries(request.getCustomtimeouts()?.toObject() ?? {}).filter(([, time]) => time !== ""),
    ),
  };
  const shown = Object.entries(fields).filter(([field, value]) => !leftOut.has(field) && isSet(field, value));
  return sorted(
    Object.fromEntries(shown.map(([field, value]) => [optionNames[field] ?? field, value])),
  ) as Record<string, unknown>;
}

/** Options for which `false` differs from leaving them out. */
const falseCounts = new Set(["protect", "retainondelete", "deletebeforereplace"]);

function isSet(field: string, value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return value === false ? falseCounts.has(field) : value !== undefined && value !== "";
}

/** The picture does not show the stack as a parent. */
function parentOf(request: RegisterResourceRequest): string | undefined {
  const parent = shortUrn(request.getParent());
  return parent.startsWith("pulumi:pulumi:Stack::") ? undefined : parent;
}

/** Without the aliases that azure-native itself sends: earlier API versions, and an earlier module of the same type. */
function ownAliases(request: RegisterResourceRequest): unknown[] {
  const sdkType = new RegExp(`^azure-native:\\w+(/v\\w+)?:${request.getType().split(":").at(-1)}$`);
  return request.getAliasesList().flatMap((alias): unknown[] => {
    const spec = alias.getSpec()?.toObject();
    if (spec === undefined) return [alias.getUrn()];
    const { parenturn, ...rest } = spec;
    const parent = parenturn === request.getParent() ? "" : shortUrn(parenturn ?? "");
    const said = Object.entries({ ...rest, parent }).filter(([, value]) => value);
    const isSdk = said.length === 1 && sdkType.test(spec.type);
    return isSdk ? [] : [Object.fromEntries(said)];
  });
}

function inputDependencies(request: RegisterResourceRequest): string[] {
  const lists = [...request.getPropertydependenciesMap().entries()].map(([, of]) => of.getUrnsList());
  return shortUrns(lists.flat());
}

/** The version of each package, taken from its first resource. */
function packageVersions({ registrations }: MockRun): Map<string, string> {
  const versions = new Map<string, string>();
  for (const { request } of registrations) {
    const name = packageOf(request);
    if (request.getVersion() !== "" && !versions.has(name)) versions.set(name, request.getVersion());
  }
  return versions;
}

function packageOf(request: RegisterResourceRequest): string {
  return request.getType().split(":")[0] ?? "";
}

/** A resource as `type::name`. */
function shortUrn(urn: string): string {
  const [, , type = "", ...name] = urn.split("::");
  return urn === "" ? "" : [type.split("$").at(-1), ...name].join("::");
}

function shortUrns(urns: readonly string[]): string[] {
  return [...new Set(urns.map(shortUrn))].sort();
}

function markSecrets(value: unknown): unknown {
  if (isSecretValue(value)) return { [SECRET]: markSecrets(value.value) };
  return mapParts(value, markSecrets);
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return mapParts(value, sorted);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return mapParts(Object.fromEntries(entries), sorted);
}

function mapParts(value: unknown, change: (part: unknown) => unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(change);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, change(part)]));
}
