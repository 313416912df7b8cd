import { Document, visit } from "yaml";
import { LOCATION_KEY, NAMESPACE, SECRET_KEY } from "../../infra/config-check";
import type { DatasetInput } from "../../infra/dataset-schema";
import { plainValue } from "../../tenants/plain-scalar";
import { withoutSecrets } from "../../tenants/plain-secrets";
import { SCHEMA_COMMENT } from "../../tenants/tenant-schema";

/** A dataset as it is asked for; the rest of its settings are written into the file later. */
export type DatasetAnswer = Pick<DatasetInput, "id" | "table" | "keyColumns">;

/** What a new tenant is made of; what is undefined comes from the tenant that is cloned, or is common. */
export interface TenantAnswers {
  readonly location?: string | undefined;
  readonly organisationId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly datasets?: readonly DatasetAnswer[] | undefined;
}

/**
 * Settings of a new tenant's own: those of the cloned one without secrets, encrypted or by mistake in plain text, then the answers.
 * Comments of a cloned file are not taken over: they speak of the other tenant, and may hold anything.
 */
export function composeSettings(
  answers: TenantAnswers,
  cloned: ReadonlyMap<string, unknown> = new Map(),
): Map<string, unknown> {
  const given: [string, unknown][] = [
    [LOCATION_KEY, answers.location],
    ...(["organisationId", "clientId", "datasets"] as const).map((name): [string, unknown] => [
      `${NAMESPACE}:${name}`,
      answers[name],
    ]),
  ];
  const settings = withoutSecrets(cloned);
  // Whatever it looks like.
  settings.delete(SECRET_KEY);
  for (const [key, value] of given) if (value !== undefined) settings.set(key, value);
  return settings;
}

/** The text of a tenant's file. Whatever any reader could take for another type has quotes: Pulumi's, or one of YAML 1.1. */
export function composeFile(settings: ReadonlyMap<string, unknown>): string {
  const document = new Document({ config: Object.fromEntries(settings) }, { schema: "yaml-1.1" });
  visit(document, {
    Scalar(_, node) {
      const { value } = node;
      if (typeof value === "string" && plainValue(value) !== value) node.type = "QUOTE_DOUBLE";
    },
  });
  return `${SCHEMA_COMMENT}\n${document.toString({ lineWidth: 0 })}`;
}
