import type { FastifyRequest } from "fastify";
import type { z } from "zod";
import { predicateOf } from "../odata/evaluate";
import { FilterSyntaxError, parseFilter } from "../odata/filter";
import { badRequest } from "./graph-error";

/** The version of Graph's routes. */
export const GRAPH = "/v1.0";

/** The body by a schema that knows what the emulator keeps. @throws GraphError 400 that names each property */
export function bodyAs<T>(schema: z.ZodType<T>, request: FastifyRequest): T {
  const parsed = schema.safeParse(request.body ?? {});
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `Invalid value specified for property '${path.join(".")}': ${message}`,
  );
  throw badRequest(mistakes.join(" "));
}

/** The answer to a list: filtered, with what `$top` and `$select` ask for. @throws GraphError 400 for another option or filter */
export function listOf<Item extends object>(
  request: FastifyRequest,
  kind: string,
  items: readonly Item[],
): { readonly "@odata.context": string; readonly value: readonly object[] } {
  const { $filter, $top, $select, $count: _, ...others } = request.query as Record<string, string>;
  const [unknown] = Object.keys(others).filter((name) => name.startsWith("$"));
  if (unknown !== undefined)
    throw badRequest(`The query option '${unknown}' is not supported by the emulator.`);
  let found = [...items];
  if ($filter !== undefined) found = found.filter(filterOf<Item>($filter, items));
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

function filterOf<Item extends object>(text: string, items: readonly Item[]): (item: Item) => boolean {
  const names = new Set(["id", "appid", "displayname", ...items.flatMap((item) => Object.keys(item))]);
  const read = (name: string) => (item: Item) =>
    Object.entries(item).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] as unknown;
  const properties = new Map([...names].map((name) => [name.toLowerCase(), read(name)]));
  const startswith = (_item: Item, whole: unknown, part: unknown) =>
    String(whole ?? "")
      .toLowerCase()
      .startsWith(String(part).toLowerCase());
  try {
    return predicateOf(parseFilter(text), { properties, calls: new Map([["startswith", startswith]]) });
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw badRequest("Invalid filter clause.");
    throw error;
  }
}
