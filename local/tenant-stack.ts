import { createHmac } from "node:crypto";
import { QtError } from "../errors/qt-error";
import { DATASETS_KEY, SQL_ADMIN_KEY } from "../infra/config-check";
import { tenantSchema } from "../infra/config-schema";
import type { RunbookCredential } from "../infra/runbook-schema";
import { withDefaults } from "../infra/schema-walk";
import type { LocalContext } from "../packages/azure-emulator/control-plane/local-service";
import { checkTenant, mistakeLine } from "../tenants/check";
import { flatConfig, readTenant } from "../tenants/tenant";
import type { EnvironmentDataset } from "./environment";

/** A value of a stack's configuration; structured values are kept as JSON text, as Pulumi does. */
export interface ConfigValue {
  readonly value: string;
  readonly secret?: boolean;
}

/** A tenant's stack as it is deployed into the emulator. */
export interface TenantStack {
  readonly name: string;
  readonly config: Readonly<Record<string, ConfigValue>>;
  /** What the local Quantemplate must know about the tenant. */
  readonly quantemplate: {
    readonly organisationId: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly tokenUrl: string;
    readonly endpoint: string;
  };
  /** The service principal that starts the pipeline, if the tenant has one; the emulator's directory needs it. */
  readonly credential: RunbookCredential | undefined;
  readonly datasets: readonly EnvironmentDataset[];
}

/**
 * Refuses a file with mistakes, as `npm run tenant -- check` does: every mistake, with its place. The program itself would
 * report fewer, and none for a file that breaks off in the middle.
 * @throws QtError QT1001
 */
export function refuseMistakes(projectRoot: string, name: string): void {
  const tenant = readTenant(projectRoot, name);
  const mistakes = checkTenant(projectRoot, name).filter(
    ({ key, isWarning }) => !isWarning && !(key === SQL_ADMIN_KEY && !tenant.settings.has(key)),
  );
  if (mistakes.length === 0) return;
  const list = mistakes.map((mistake) => `  - ${mistakeLine(mistake)}`).join("\n");
  throw new QtError("QT1001", { stack: name, count: mistakes.length, mistakes: list });
}

const RUNBOOK_KEY = "quantemplate:runbook";

/** The setting `sqlAdmin` of a tenant that only the emulator has: whoever deploys. */
export function deployerAsAdmin(clientId: string, objectId: string): string {
  return JSON.stringify({ login: `deployer-${clientId}`, objectId, principalType: "Application" });
}

/**
 * Reads a tenant's configuration and points it at the emulator: only Quantemplate's addresses and the secrets differ
 * from the cloud, and the administrator of a tenant that has none is the deployer. The secrets are derived from the emulator's own, so that they are the same after a restart.
 * @throws QtError QT1001 if the configuration has mistakes, QT9017 if there is no such tenant.
 */
export function readTenantStack(projectRoot: string, name: string, context: LocalContext): TenantStack {
  refuseMistakes(projectRoot, name);
  const tenant = readTenant(projectRoot, name);
  const endpoint = `${context.httpUrl}/quantemplate/`;
  const tokenUrl = `${endpoint}auth/realms/qt/protocol/openid-connect/token`;
  const secretOf = (what: string) =>
    createHmac("sha256", context.principals.deployer.secret).update(`${what}/${name}`).digest("base64url");
  const clientSecret = secretOf("quantemplate");
  const runbook = withDefaults(tenantSchema.shape.runbook, tenant.settings.get(RUNBOOK_KEY));
  const credential = runbook.credential && { ...runbook.credential, clientSecret: secretOf("runbook") };
  // Only the stack's own secrets provider could decrypt a secret.
  const open = Object.entries(flatConfig(tenant)).filter(([key]) => !tenant.places.isSecret([key]));
  const { clientId, objectId } = context.principals.deployer;
  const config: TenantStack["config"] = {
    [SQL_ADMIN_KEY]: { value: deployerAsAdmin(clientId, objectId) },
    ...Object.fromEntries(open.map(([key, value]) => [key, { value }])),
    ...(credential && { [RUNBOOK_KEY]: { value: JSON.stringify({ ...runbook, credential }), secret: true } }),
    "quantemplate:apiUrl": { value: endpoint },
    "quantemplate:tokenUrl": { value: tokenUrl },
    "quantemplate:clientSecret": { value: clientSecret, secret: true },
  };
  const datasets = withDefaults(tenantSchema.shape.datasets, tenant.settings.get(DATASETS_KEY));
  return {
    name,
    config,
    quantemplate: {
      organisationId: String(tenant.settings.get("quantemplate:organisationId")),
      clientId: String(tenant.settings.get("quantemplate:clientId")),
      clientSecret,
      tokenUrl,
      endpoint,
    },
    credential,
    datasets: datasets.map(({ id, table, keyColumns }) => ({ id, table, keyColumns })),
  };
}
