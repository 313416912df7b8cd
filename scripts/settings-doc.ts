import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { datasetSchema } from "../infra/dataset-schema";
import { defaultOf, unwrapped } from "../infra/schema-walk";

type AnySchema = z.core.$ZodType;

const page = join(__dirname, "..", "docs", "tenants.md");
const head = ["| setting | default | takes | what it is |", "|---|---|---|---|"].join("\n");

/** docs/tenants.md with the table of a dataset's settings from the schema; a test compares the file with it. */
export function tenantsDocument(text = readFileSync(page, "utf8")): string {
  const [before = "", after = ""] = text.split(head, 2);
  const others = after.slice(after.indexOf("\n\n"));
  return [before, head, ...rows(datasetSchema), others].join("");
}

/** Table rows, each after a line break: one for every setting without nested ones, and one for every map. */
function rows(schema: AnySchema, path = ""): string[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodRecord) {
    return [row(path, schema), ...rows(inner.def.valueType, `${path}.<header>`)];
  }
  if (!(inner instanceof z.ZodObject)) return [row(path, schema)];
  return Object.entries(inner.def.shape as Record<string, AnySchema>).flatMap(([name, member]) =>
    rows(member, path === "" ? name : `${path}.${name}`),
  );
}

function row(path: string, schema: AnySchema): string {
  const standard = defaultOf(schema);
  const cells = [
    `\`${path}\``,
    schema instanceof z.ZodOptional
      ? "not set"
      : standard === undefined
        ? "must be set"
        : `\`${JSON.stringify(standard).replaceAll('"', "")}\``,
    [...new Set(expectations(schema))].join("; "),
    z.globalRegistry.get(schema)?.description ?? "",
  ];
  return `\n| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** The expectations that the schema's error messages state: for the value, the value after its transform, its keys and items. */
function expectations(schema: AnySchema): string[] {
  const { error, checks = [] } = schema._zod.def;
  const own = [error, ...checks.map((check) => check._zod.def.error)].flatMap(
    (say) => say?.({} as never) ?? [],
  );
  const others = within(schema).flatMap(expectations);
  // What a transform accepts comes before what it produces.
  return schema instanceof z.ZodPipe ? [...others, ...own.map(String)] : [...own.map(String), ...others];
}

function within(schema: AnySchema): AnySchema[] {
  if (schema instanceof z.ZodPipe) return [schema.def.in, schema.def.out];
  if (schema instanceof z.ZodArray) return [schema.def.element];
  if (schema instanceof z.ZodRecord) return [schema.def.keyType];
  const inner = unwrapped(schema);
  return inner === schema ? [] : [inner];
}

if (require.main === module) writeFileSync(page, tenantsDocument());
