import type { FastifyRequest } from "fastify";
import type { z } from "zod";
import { GRAPH_PATH } from "../audiences";
import { predicateOf } from "../odata/evaluate";
import { FilterSyntaxError, parseFilter } from "../odata/filter";
import { badRequest, notFound } from "./graph-error";

/** Graph's version 1.0 at the gateway. */
export const GRAPH = `${GRAPH_PATH}/v1.0`;

/** The body by a schema that knows what the emulator keeps. @throws GraphError 400 that names each property */
export function bodyAs<T>(schema: z.ZodType<T>, request: FastifyRequest): T {
  const parsed = schema.safeParse(request.body ?? {});
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `Invalid value specified for property '${path.join(".")}': ${message}`,
  );
  throw badRequest(mistakes.join(" "));
}

interface FilterNames {
  /** Properties with one value. */
  readonly one: readonly string[];
  /** Collections, for `any`. */
  readonly many?: readonly string[];
}

/** By what each list can be filtered, of what the emulator shows (the resources' pages in learn.microsoft.com/graph/api/resources). */
const filterNames = {
  applications: {
    one: ["id", "appId", "displayName", "createdDateTime", "signInAudience"],
    many: ["identifierUris"],
  },
  servicePrincipals: {
    one: ["id", "appId", "displayName", "accountEnabled", "servicePrincipalType"],
    many: ["servicePrincipalNames"],
  },
  groups: {
    one: [
      "id",
      "displayName",
      "description",
      "mailNickname",
      "mailEnabled",
      "securityEnabled",
      "createdDateTime",
    ],
    many: ["groupTypes"],
  },
  federatedIdentityCredentials: { one: ["id", "name", "issuer", "subject", "description"] },
  directoryObjects: { one: ["id", "displayName"] },
} satisfies Readonly<Record<string, FilterNames>>;

/** The object that an address names: by its id, or as `(appId='…')`. @throws GraphError 404 */
export function byKey<Item extends { readonly id: string; readonly appId: string }>(
  items: readonly Item[],
  key: string,
): Item {
  const appId = /^\(appId='([^']+)'\)$/i.exec(key)?.[1];
  const found = items.find((item) =>
    appId === undefined ? item.id === key.toLowerCase() : item.appId === appId.toLowerCase(),
  );
  if (found === undefined) throw notFound(appId ?? key);
  return found;
}

/** The answer to a list: filtered, with what `$top` and `$select` ask for. @throws GraphError 400 for another option or filter */
export function listOf<Item extends object>(
  request: FastifyRequest,
  kind: keyof typeof filterNames,
  items: readonly Item[],
): { readonly "@odata.context": string; readonly value: readonly object[] } {
  const { $filter, $top, $select, $count: _, ...others } = request.query as Record<string, string>;
  const [unknown] = Object.keys(others).filter((name) => name.startsWith("$"));
  if (unknown !== undefined)
    throw badRequest(`The query option '${unknown}' is not supported by the emulator.`);
  let found = [...items];
  if ($filter !== undefined) found = found.filter(filterOf<Item>($filter, filterNames[kind]));
  if ($top !== undefined) {
    if (!/^[1-9]\d{0,2}$/.test($top)) throw badRequest(`Invalid page size specified: '${$top}'.`);
    found = found.slice(0, Number($top));
  }
  const wanted = $select?.split(",").map((name) => name.trim());
  const shown = (item: Item) =>
    wanted === undefined
      ? item
      : Object.fromEntries(Object.entries(item).filter(([name]) => wanted.includes(name)));
  return { "@odata.context": `${GRAPH}/$metadata#${kind}`, value: found.map(shown) };
}

function filterOf<Item extends object>(
  text: string,
  { one, many = [] }: FilterNames,
): (item: Item) => boolean {
  const read = (name: string) => (item: Item) => (item as Readonly<Record<string, unknown>>)[name];
  const properties = new Map(one.map((name) => [name.toLowerCase(), read(name)]));
  const calls = new Map<string, (item: Item, ...given: readonly unknown[]) => boolean>([
    ["startswith", (_item, whole, part) => lower(whole).startsWith(lower(part))],
  ]);
  for (const name of many) {
    const values = (item: Item) => (read(name)(item) ?? []) as readonly unknown[];
    calls.set(`${name}/any`.toLowerCase(), (item, wanted) =>
      values(item).some((value) => lower(value) === lower(wanted)),
    );
  }
  try {
    return predicateOf(parseFilter(text), { properties, calls });
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw badRequest("Invalid filter clause.");
    throw error;
  }
}

const lower = (value: unknown) => String(value ?? "").toLowerCase();
