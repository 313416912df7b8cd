import { Document, visit } from "yaml";
import { LOCATION_KEY, NAMESPACE, SECRET_KEY } from "../../infra/config-check";
import type { DatasetInput } from "../../infra/dataset-schema";
import { plainValue } from "../../tenants/plain-scalar";
import { withoutSecrets } from "../../tenants/plain-secrets";
import { SCHEMA_COMMENT } from "../../tenants/tenant-schema";

/** The settings of a dataset that a new tenant is asked for; people add the others to the file later. */
export type DatasetAnswer = Pick<DatasetInput, "id" | "table" | "keyColumns">;

/** The settings of a new tenant. Undefined ones come from the cloned tenant, or are common. */
export interface TenantAnswers {
  readonly location?: string | undefined;
  readonly organisationId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly datasets?: readonly DatasetAnswer[] | undefined;
}

/**
 * A new tenant's own settings: those of the cloned tenant without secrets, whether encrypted or in plain text, then the answers.
 * Comments of the cloned file are not copied: they are about the other tenant and may contain anything.
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
  // Always removed, whatever its value looks like.
  settings.delete(SECRET_KEY);
  for (const [key, value] of given) if (value !== undefined) settings.set(key, value);
  return settings;
}

/** The text of a tenant's file. Text that Pulumi or a YAML 1.1 parser could take for another type is quoted. */
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
