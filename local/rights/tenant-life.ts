import { randomUUID } from "node:crypto";
import type { TenantSettings } from "../../infra/config-schema";
import type { RunbookCredential } from "../../infra/runbook-schema";
import { type AzureSession, createAzureSession } from "../../infra/steps/azure-session";
import { type DatabaseMigrationInputs, databaseMigration } from "../../infra/steps/database-migration";
import { throughFirewall } from "../../infra/steps/open-firewall";
import { picturedTenants } from "../../infra/testing/pictured-tenants";
import {
  createEngine,
  type Engine,
  type PulumiChoice,
  type StackRequest,
} from "../../packages/azure-emulator";
import { registerApplication } from "../../packages/azure-emulator/control-plane/graph/register-application";
import {
  addApplication,
  type SignedIn,
} from "../../packages/azure-emulator/control-plane/testing/applications";
import { deployerEnvironment } from "../../packages/azure-emulator/engine/deployer-environment";
import type { ResourceProvider } from "../../packages/azure-emulator/engine/resource-provider";
import { stackRequest } from "../deploy-stack";
import { type LocalAzure, startLocalAzure } from "../local-azure";
import { project, projectRoot } from "../places";
import { readTenantStack } from "../tenant-stack";

/** Who works on a tenant, each with an application and rights of its own. */
export const identities = ["deployer", "preview", "drift", "migration"] as const;
export type Identity = (typeof identities)[number];

/** An emulator in which applications with rights of their own work on one tenant that has every setting. */
export interface TenantLife {
  readonly azure: LocalAzure;
  readonly people: Readonly<Record<Identity, SignedIn>>;
  /** The engine, signed in as the identity. */
  readonly engines: Readonly<Record<Identity, Engine>>;
  /** The tenant as it is made, and as its file is changed later: other tags and another administrator of the database; then its own private network. */
  readonly tenant: Readonly<Record<"made" | "changed" | "enclosed", StackRequest>>;
  /** Object id of the group that administers the tenant's database. */
  readonly administrators: string;
  /** The tenant with more settings, by their keys. */
  withSettings(settings: Readonly<Record<string, unknown>>): StackRequest;
  /** What somebody changed by hand, which the next deployment puts back: logins with passwords. */
  tamper(): Promise<void>;
  /** What the steps at the database call: the migration, a refresh of it, and the firewall opened for an address. */
  migrate(): Promise<void>;
  stop(): Promise<void>;
}

export interface LifeOptions {
  /** By default the in-process engine. */
  readonly pulumi?: PulumiChoice;
  /** With the in-process engine: wraps each provider of an identity's runs. */
  around?(identity: Identity, provider: ResourceProvider): ResourceProvider;
}

/** Starts an emulator in the folder; the applications have no role yet. */
export async function startTenantLife(
  folder: string,
  { pulumi = "in-process", around }: LifeOptions = {},
): Promise<TenantLife> {
  const azure = await startLocalAzure({ folder });
  const { context, controlPlane } = azure;
  const people = {} as Record<Identity, SignedIn>;
  const engines = {} as Record<Identity, Engine>;
  const contextOf = (identity: Identity) => ({
    ...context,
    principals: { ...context.principals, deployer: people[identity] },
  });
  for (const identity of identities) {
    people[identity] = await addApplication(context, `tenant-${identity}`);
    const options = { project, folder, controlPlane, pulumi };
    engines[identity] = await createEngine({
      ...options,
      context: contextOf(identity),
      ...(around && { around: (provider) => around(identity, provider) }),
    });
  }
  const { clientSecret: secret, ...starter } = pipelineStarter();
  await registerApplication(context.directory, { ...starter, displayName: "pipeline starter", secret });
  const members = [people.deployer, people.migration, people.drift];
  const administrators = await addGroup(azure, "administrators", members);
  const made = requestOf(azure, administrators, "made");
  const others = await addGroup(azure, "other administrators", members);
  const changed = requestOf(azure, others, "changed");
  const enclosed = requestOf(azure, others, "changed", { "quantemplate:network": { value: "private" } });
  const session = () => createAzureSession(deployerEnvironment(contextOf("migration"), project));
  return {
    azure,
    people,
    engines,
    tenant: { made, changed, enclosed },
    administrators,
    withSettings: (settings) =>
      requestOf(
        azure,
        administrators,
        "made",
        Object.fromEntries(
          Object.entries(settings).map(([key, value]) => [
            `quantemplate:${key}`,
            { value: typeof value === "string" ? value : JSON.stringify(value) },
          ]),
        ),
      ),
    tamper: () => allowPasswords(azure),
    migrate: async () => migrateAs(session(), await migrationInputs(engines.deployer)),
    stop: () => azure.stop(),
  };
}

const STACK = "dev";

const everything = picturedTenants.find(({ stack }) => stack === "all")?.config ?? {};

/** The service principal that starts this tenant's pipeline. */
function pipelineStarter(): RunbookCredential {
  const { credential } = JSON.parse(everything["quantemplate:runbook"] ?? "{}") as TenantSettings["runbook"];
  if (credential === undefined) throw new Error("The tenant with everything has no credential.");
  return credential;
}

/** The sample tenant with everything that a tenant can have: budget, alerts, rotation, studio. */
function requestOf(
  azure: LocalAzure,
  administrators: string,
  tag: string,
  more: StackRequest["config"] = {},
): StackRequest {
  const stack = readTenantStack(projectRoot, STACK, azure.context);
  const kept = ["budget", "alertEmail", "rotation", "studio", "runbook", "reconcile", "webhookExpiry"];
  const settings = kept.map((name) => [
    `quantemplate:${name}`,
    { value: everything[`quantemplate:${name}`] ?? "" },
  ]);
  const sqlAdmin = { login: "Database administrators", objectId: administrators };
  return stackRequest({
    ...stack,
    config: {
      ...stack.config,
      ...Object.fromEntries(settings),
      "quantemplate:sqlAdmin": { value: JSON.stringify(sqlAdmin) },
      "quantemplate:tags": { value: JSON.stringify({ of: tag }) },
      ...more,
    },
  });
}

async function allowPasswords({ context: { resources } }: LocalAzure): Promise<void> {
  for (const only of resources.list({ type: "Microsoft.Sql/servers/azureADOnlyAuthentications" }))
    await resources.set({ ...only, properties: { ...only.properties, azureADOnlyAuthentication: false } });
}

async function addGroup(
  { context }: LocalAzure,
  displayName: string,
  members: readonly SignedIn[],
): Promise<string> {
  const id = randomUUID();
  const group = {
    id,
    displayName,
    mailNickname: displayName.replace(" ", "-"),
    description: null,
    createdDateTime: new Date().toISOString(),
    members: members.map(({ objectId }) => objectId),
  };
  await context.directory.change((content) => ({ ...content, groups: [...content.groups, group] }));
  return id;
}

/** The inputs of the migration's step, as the deployment left them. */
async function migrationInputs(engine: Engine): Promise<DatabaseMigrationInputs> {
  const state = (await engine.exportState({ name: STACK })) as {
    readonly resources?: readonly { readonly urn: string; readonly inputs: { readonly inputs: unknown } }[];
  };
  const step = state.resources?.find(({ urn }) => urn.endsWith("::database-migration"));
  if (step === undefined) throw new Error("The tenant's database was not migrated.");
  return step.inputs.inputs as DatabaseMigrationInputs;
}

async function migrateAs(session: AzureSession, inputs: DatabaseMigrationInputs): Promise<void> {
  // The emulator lets every address in, so nothing else asks for it.
  await throughFirewall(inputs, session, (open) => open("203.0.113.7"));
  await databaseMigration.ensure(inputs, session);
  await databaseMigration.read?.(inputs, session, { result: { files: 0 } });
}
