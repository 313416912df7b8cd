import { armRules, refusal } from "../rules/azure-rule";
import { type Filterable, predicateOf } from "./evaluate";
import { type Filter, FilterSyntaxError, parseFilter } from "./filter";

const PAGE = "https://learn.microsoft.com/rest/api/resources/resources/list";
const test = (title: string) => ["control-plane/resource-list.itest.ts", title] as const;

export const listRules = armRules("Lists", {
  filter: {
    what: "`$filter` selects what it says. One that a list does not know is refused.",
    source: `${PAGE}; https://github.com/Azure/azure-sdk-for-go/issues/2480`,
    answer: { status: 400, code: "InvalidFilterInQueryString" },
    test: test("filters resources, or refuses the filter"),
  },
  top: {
    what: "`$top` is the size of a page, 1 to 1000; `nextLink` leads to the next.",
    source:
      "https://github.com/Azure/azure-sdk-for-python/issues/541; https://github.com/Azure/azure-sdk-for-js/issues/18535",
    answer: { status: 400, code: "InvalidTopInQueryString" },
    test: test("answers pages, whose links lead through everything once"),
  },
  skipToken: {
    what: "`$skiptoken` is one that a page gave.",
    source: PAGE,
    answer: { status: 400, code: "InvalidSkipToken" },
    test: test("answers pages, whose links lead through everything once"),
  },
  expand: {
    what: "`$expand` adds `createdTime`, `changedTime` and `provisioningState` to resources; any other value is refused.",
    source: PAGE,
    answer: { status: 400, code: "InvalidExpandInQueryString" },
    test: test("adds what $expand names"),
  },
  option: {
    what: "A query option of OData that an address does not know is refused.",
    source: PAGE,
    answer: { status: 400, code: "InvalidQueryParameter" },
    test: test("refuses query options that it does not know"),
  },
});

export type Query = Readonly<Record<string, string | undefined>>;

/** The size of a page and its place; the names that some providers have for the same. */
export const PAGING = ["$top", "$maxpagesize", "$skiptoken"] as const;

/** A query option, whose name is not case-sensitive. */
function optionOf(query: Query, ...names: readonly string[]): string | undefined {
  return Object.entries(query).find(([name]) => names.includes(name.toLowerCase()))?.[1];
}

export interface Page<Item> {
  readonly value: readonly Item[];
  /** The address of the next page; left out on the last. */
  readonly nextLink?: string;
}

/** Resource Manager's largest page, and its size without `$top`. */
const LARGEST_PAGE = 1000;

/** Refuses each query option (`$…`) that is not among those. @throws ArmError 400 */
export function requireOptions(query: Query, known: readonly string[]): void {
  const other = Object.keys(query).find(
    (name) => name.startsWith("$") && !known.includes(name.toLowerCase()),
  );
  if (other !== undefined)
    throw refusal(listRules.rules.option, `The query parameter '${other}' is not supported here.`);
}

/** The items that `$filter` selects. `refine` replaces or refuses a filter. @throws ArmError 400 */
export function filtered<Item>(
  items: readonly Item[],
  query: Query,
  by: Filterable<Item>,
  special: (filter: Filter) => ((item: Item) => boolean) | undefined = () => undefined,
): readonly Item[] {
  const $filter = optionOf(query, "$filter");
  if ($filter === undefined || $filter === "") return items;
  try {
    const filter = parseFilter($filter);
    return items.filter(special(filter) ?? predicateOf(filter, by));
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error;
    throw refusal(listRules.rules.filter, `Invalid $filter '${$filter}' specified in the query string.`);
  }
}

/**
 * One page of a list, in the order of the ids, so that what is made or deleted meanwhile moves nothing else to another page.
 * `url` is the request's own address.
 * @throws ArmError 400
 */
export function pageOf<Item extends { readonly id: string }>(
  items: readonly Item[],
  query: Query,
  url: URL,
): Page<Item> {
  const size = sizeOf(optionOf(query, "$top", "$maxpagesize"));
  const after = afterOf(optionOf(query, "$skiptoken"));
  const key = ({ id }: Item) => id.toLowerCase();
  const left = items.filter((item) => key(item) > after).sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const value = left.slice(0, size);
  const last = value.at(-1);
  if (last === undefined || left.length <= size) return { value };
  const next = new URL(url);
  for (const name of [...next.searchParams.keys()]) {
    if (name.toLowerCase() === "$skiptoken") next.searchParams.delete(name);
  }
  next.searchParams.set("$skiptoken", Buffer.from(key(last)).toString("base64url"));
  return { value, nextLink: next.href };
}

function sizeOf(top: string | undefined): number {
  if (top === undefined) return LARGEST_PAGE;
  const size = /^\d{1,4}$/.test(top) ? Number(top) : 0;
  if (size >= 1 && size <= LARGEST_PAGE) return size;
  throw refusal(
    listRules.rules.top,
    `Invalid $top query parameter value '${top}'. The value must be an integer between 1 and ${LARGEST_PAGE}.`,
  );
}

/** The id after which a page begins; ids begin with `/`. */
function afterOf(token: string | undefined): string {
  if (token === undefined) return "";
  const id = Buffer.from(token, "base64url").toString();
  if (id.startsWith("/")) return id;
  throw refusal(listRules.rules.skipToken, `The provided $skiptoken '${token}' is invalid.`);
}
