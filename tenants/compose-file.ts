import { Document, visit } from "yaml";
import { LOCATION_KEY, NAMESPACE, SECRET_KEY } from "../infra/config-check";
import { plainValue } from "./plain-scalar";
import { SCHEMA_COMMENT } from "./tenant-schema";
import { HIDDEN } from "./value-places";

/** A dataset as it is asked for; the rest of its settings are written into the file later. */
export interface DatasetAnswer {
  readonly id: string;
  readonly table: string;
  readonly keyColumns?: readonly string[];
}

/** What a new tenant is made of; what is undefined comes from the tenant that is cloned, or is common. */
export interface TenantAnswers {
  readonly location?: string | undefined;
  readonly organisationId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly datasets?: readonly DatasetAnswer[] | undefined;
}

/** Settings of a new tenant's own: those of the cloned one without what is encrypted, then the answers. */
export function composeSettings(
  answers: TenantAnswers,
  cloned: ReadonlyMap<string, unknown> = new Map(),
): Map<string, unknown> {
  const settings = new Map<string, unknown>();
  const given: [string, unknown][] = [
    [LOCATION_KEY, answers.location],
    ...(["organisationId", "clientId", "datasets"] as const).map((name): [string, unknown] => [
      `${NAMESPACE}:${name}`,
      answers[name],
    ]),
  ];
  for (const [key, value] of [...cloned, ...given]) {
    // Dropped by its name too: it may stand there in plain text by mistake.
    const plain = key === SECRET_KEY ? undefined : withoutSecrets(value);
    if (plain !== undefined) settings.set(key, plain);
  }
  return settings;
}

/** Comments of a cloned file are not taken over: they speak of the other tenant, and may hold anything. */
function withoutSecrets(value: unknown): unknown {
  if (value === HIDDEN) return undefined;
  if (Array.isArray(value)) return value.filter((item) => item !== HIDDEN).map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== HIDDEN);
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutSecrets(inner)]));
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
