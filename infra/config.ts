import * as pulumi from "@pulumi/pulumi";
import type * as z from "zod";
import { QtError } from "../errors/qt-error";
import { normaliseName, normaliseTableName } from "../functions/src/names";
import { ROW_ID_COLUMN } from "../functions/src/row-json";
import { type TenantSettings, tenantSchema } from "./config-schema";

const NAMESPACE = "quantemplate";
const SECRET = "clientSecret";

/** Everything the program is told about a tenant. */
export interface TenantConfig extends TenantSettings {
  readonly location: string;
  /** Secret of the Quantemplate API client. */
  readonly clientSecret: pulumi.Output<string>;
}

/**
 * Reads the stack's configuration.
 * @throws QtError QT1001 with every mistake: its key and what is expected there.
 */
export function readTenantConfig(): TenantConfig {
  const settings = parseTenantConfig(pulumi.runtime.allConfig(), pulumi.getStack());
  return { ...settings, clientSecret: new pulumi.Config(NAMESPACE).requireSecret(SECRET) };
}

/** Flat configuration as Pulumi hands it to a program: structured values are JSON text. */
export type FlatConfig = Readonly<Record<string, string>>;

/** The pure part of {@link readTenantConfig}. */
export function parseTenantConfig(
  values: FlatConfig,
  stack: string,
): TenantSettings & { readonly location: string } {
  const mistakes: string[] = [];
  const location = values["azure-native:location"] ?? "";
  if (!/^[a-z0-9]+$/.test(location))
    mistakes.push("azure-native:location: expects a region such as westeurope");
  if (!values[`${NAMESPACE}:${SECRET}`]) {
    mistakes.push(`${NAMESPACE}:${SECRET}: expects the API client's secret, set with --secret`);
  }
  const raw = rawSettings(values);
  const parsed = tenantSchema.safeParse(raw);
  if (!parsed.success) mistakes.push(...parsed.error.issues.flatMap(describe));
  // Checks across datasets see whatever is well-formed, so that they are told together with the rest.
  mistakes.push(...clashes(raw.datasets), ...reservedNames(raw.datasets));
  if (raw.budget !== undefined && raw.alertEmail === undefined) {
    mistakes.push(`${NAMESPACE}:alertEmail: expects a mail address, because a budget has somebody to tell`);
  }
  if (!parsed.success || mistakes.length > 0) {
    const list = mistakes.map((mistake) => `  - ${mistake}`).join("\n");
    throw new QtError("QT1001", { stack, count: mistakes.length, mistakes: list });
  }
  return { ...parsed.data, location };
}

/** The settings of our namespace, structured values parsed; text that is no JSON stays text, for the schema to refuse. */
function rawSettings(values: FlatConfig): Record<string, unknown> {
  const entries = Object.entries(values)
    .filter(([key]) => key.startsWith(`${NAMESPACE}:`) && key !== `${NAMESPACE}:${SECRET}`)
    .map(([key, value]) => {
      const name = key.slice(NAMESPACE.length + 1);
      return [name, isText(name) ? value : parseJson(value)] as const;
    });
  return Object.fromEntries(entries);
}

/** Whether the schema wants text: then `123` is an id and not a number. */
function isText(name: string): boolean {
  return !["datasets", "sqlAdmin", "sql", "function", "budget", "tags", "protect"].includes(name);
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function describe(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${keyOf([...issue.path, key])}: is no setting; check its spelling`);
  }
  return [`${keyOf(issue.path)}: expects ${issue.message}`];
}

/** `quantemplate:datasets[0].table`, as `pulumi config set --path` takes it. */
function keyOf(path: readonly PropertyKey[]): string {
  const [first, ...rest] = path;
  const tail = rest.map((part) =>
    typeof part === "number"
      ? `[${part}]`
      : /^\w+$/.test(String(part))
        ? `.${String(part)}`
        : `["${String(part)}"]`,
  );
  return `${NAMESPACE}:${String(first ?? "")}${tail.join("")}`;
}

/** Two things of one name: ids, tables, and within a dataset headers that become one column. */
function clashes(datasets: unknown): string[] {
  const rows = rawDatasets(datasets);
  return [
    ...duplicates(
      rows.map(({ id }) => id),
      (id) => id,
      (i) => `${NAMESPACE}:datasets[${i}].id`,
      "an id",
    ),
    ...duplicates(
      rows.map(({ table }) => table),
      normaliseTableName,
      (i) => `${NAMESPACE}:datasets[${i}].table`,
      "a table",
    ),
    ...rows.flatMap(({ keyColumns, types }, i) => [
      ...(Array.isArray(keyColumns)
        ? duplicates(
            keyColumns,
            normaliseName,
            (k) => `${NAMESPACE}:datasets[${i}].keyColumns[${k}]`,
            "a column",
          )
        : []),
      ...(typeof types === "object" && types !== null
        ? duplicates(Object.keys(types), normaliseName, () => `${NAMESPACE}:datasets[${i}].types`, "a column")
        : []),
    ]),
  ];
}

/** Columns that every landed table has of its own. */
const OWN_COLUMNS = new Set(["_row_id", "_k8", "_key_hash", "_row_hash", "_version", "_deleted"]);

/** Headers that would become a column of ours or of Fivetran's. A load would fail on them; so does the configuration. */
function reservedNames(datasets: unknown): string[] {
  return rawDatasets(datasets).flatMap(({ keyColumns, types }, i) => {
    const keys: readonly unknown[] = Array.isArray(keyColumns) ? keyColumns : [];
    const typed = typeof types === "object" && types !== null ? Object.keys(types) : [];
    const places = [
      ...keys.map((header, k) => [`${NAMESPACE}:datasets[${i}].keyColumns[${k}]`, header] as const),
      ...typed.map((header) => [keyOf(["datasets", i, "types", header]), header] as const),
    ];
    return places.flatMap(([key, header]) => {
      if (typeof header !== "string") return [];
      const name = normaliseName(header);
      const isRowId = name === ROW_ID_COLUMN && keys.length === 0;
      if (!OWN_COLUMNS.has(name) && !name.startsWith("_fivetran") && !isRowId) return [];
      return [`${key}: expects another header; "${header}" would become ${name}, which is reserved`];
    });
  });
}

/** The entries as far as they are objects; what else is wrong with them the schema says. */
function rawDatasets(datasets: unknown): RawDataset[] {
  if (!Array.isArray(datasets)) return [];
  return datasets.map((entry) => (typeof entry === "object" && entry !== null ? entry : {}) as RawDataset);
}

interface RawDataset {
  readonly id?: unknown;
  readonly table?: unknown;
  readonly keyColumns?: unknown;
  readonly types?: unknown;
}

function duplicates(
  names: readonly unknown[],
  normalise: (name: string) => string,
  keyAt: (index: number) => string,
  what: string,
): string[] {
  const seen = new Map<string, string>();
  return names.flatMap((name, index) => {
    if (typeof name !== "string") return [];
    const normal = normalise(name);
    const other = seen.get(normal);
    if (other === undefined) {
      seen.set(normal, name);
      return [];
    }
    return [`${keyAt(index)}: expects ${what} of its own; "${other}" and "${name}" are both ${normal}`];
  });
}
