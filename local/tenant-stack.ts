import { createHmac } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { QtError } from "../errors/qt-error";
import type { LocalContext } from "./arm/local-service";
import type { EnvironmentDataset } from "./environment";

/** A value of a stack's configuration; structured values are kept as JSON text, as Pulumi does. */
export interface ConfigValue {
  readonly value: string;
  readonly secret?: boolean;
}

/** A tenant's stack as it is deployed into the stand-in. */
export interface TenantStack {
  readonly name: string;
  readonly config: Readonly<Record<string, ConfigValue>>;
  /** What the local Quantemplate must know of the tenant. */
  readonly quantemplate: {
    readonly organisationId: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly tokenUrl: string;
    readonly endpoint: string;
  };
  readonly datasets: readonly EnvironmentDataset[];
}

interface DatasetSetting {
  id: string;
  table: string;
  keyColumns?: string[];
}

/**
 * Reads `Pulumi.<stack>.yaml` and points it at the stand-in: only the addresses of Quantemplate and the client secret differ
 * from what the cloud gets. The secret derives from the stand-in's own, so that it is the same after a restart.
 */
export function readTenantStack(projectRoot: string, name: string, context: LocalContext): TenantStack {
  const path = join(projectRoot, `Pulumi.${name}.yaml`);
  if (!/^[\w-]+$/.test(name) || !existsSync(path)) {
    const known = globSync("Pulumi.*.yaml", { cwd: projectRoot }).map((file) => file.slice(7, -5));
    throw new QtError("QT9017", { stack: name, known: known.join(", ") });
  }
  const file = parse(readFileSync(path, "utf8")) as {
    config?: Record<string, unknown>;
  };
  const settings = file.config ?? {};
  const endpoint = `${context.httpUrl}/quantemplate/`;
  const tokenUrl = `${endpoint}auth/realms/qt/protocol/openid-connect/token`;
  const clientSecret = createHmac("sha256", context.principals.deployer.secret)
    .update(`quantemplate/${name}`)
    .digest("base64url");
  const config: Record<string, ConfigValue> = {};
  for (const [key, value] of Object.entries(settings)) {
    config[key] = { value: typeof value === "string" ? value : JSON.stringify(value) };
  }
  config["quantemplate:apiUrl"] = { value: endpoint };
  config["quantemplate:tokenUrl"] = { value: tokenUrl };
  config["quantemplate:clientSecret"] = { value: clientSecret, secret: true };
  const datasets = (settings["quantemplate:datasets"] ?? []) as DatasetSetting[];
  return {
    name,
    config,
    quantemplate: {
      organisationId: String(settings["quantemplate:organisationId"]),
      clientId: String(settings["quantemplate:clientId"]),
      clientSecret,
      tokenUrl,
      endpoint,
    },
    datasets: datasets.map(({ id, table, keyColumns }) => ({ id, table, keyColumns: keyColumns ?? [] })),
  };
}
