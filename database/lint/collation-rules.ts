import { aliasesOf, type Declarations, isText, tableElements, typeAt } from "./declarations";
import type { Fault } from "./fault";
import { type Chain, calls, chains, is, type Token } from "./tokens";

/** Functions that refuse an argument without a collation (Msg 4191, "Collation precedence" of Microsoft's documentation). */
const sensitive = [
  "string_agg",
  "replace",
  "left",
  "right",
  "substring",
  "len",
  "lower",
  "upper",
  "ltrim",
  "rtrim",
];
/** Functions whose result does not depend on their arguments' collation. */
const neutral = [
  "len",
  "datalength",
  "charindex",
  "patindex",
  "unicode",
  "count",
  "count_big",
  "hashbytes",
  "isjson",
];
const database = "the database's";

/**
 * Finds expressions that combine columns of different collations without an explicit one. A real server refuses them in `string_agg`,
 * `replace` and similar functions, and in comparisons with such a column. Babelfish accepts them.
 */
export function mixedCollations(tokens: readonly Token[], declarations: Declarations): Fault[] {
  const whole = { chains: chains(tokens), aliases: aliasesOf(tokens), declarations };
  const labels = (part: readonly Token[]) => labelsOf(part, whole);
  const sensitiveCalls = calls(tokens, ...sensitive).map(({ name, args: [first = []] }) => ({
    name,
    mix: labels(first),
    what: `${name.text} over a mix of`,
  }));
  const derived = whole.chains
    .filter(({ operands, after }) => operands.length > 1 && is(after[0], "as") && !is(after[2], "("))
    .map(({ operands, after }) => ({
      name: after[1] ?? after[0],
      mix: labels(operands.flat()),
      what: `column ${after[1]?.text} is a mix of`,
    }));
  return [...sensitiveCalls, ...derived].flatMap(({ name, mix, what }) =>
    mix.size < 2 || name === undefined
      ? []
      : [{ line: name.line, what: `${what} collations without an explicit one: ${[...mix].join(", ")}` }],
  );
}

interface Whole {
  readonly chains: readonly Chain[];
  readonly aliases: ReadonlyMap<string, ReadonlySet<string>>;
  readonly declarations: Declarations;
}

/**
 * The collations that meet in an expression; none if it names one explicitly.
 * @param seen The columns of derived tables that are being resolved.
 */
function labelsOf(tokens: readonly Token[], whole: Whole, seen: readonly string[] = []): Set<string> {
  const { tables, functions } = whole.declarations;
  const found = new Set<string>();
  if (tokens.some((token) => is(token, "collate"))) return found;
  for (let index = 0; index < tokens.length; index += 1) {
    const [token, dot, column] = tokens.slice(index, index + 3);
    if (is(token, "when")) index = tokens.findIndex((one, at) => at > index && is(one, "then"));
    else if (is(token, "within")) index += 1 + callLength(tokens, index + 2);
    else if (is(token, "over")) index += callLength(tokens, index + 1);
    else if (is(token, ...neutral) && is(dot, "(")) index += callLength(tokens, index + 1);
    else if (token?.kind === "name" && is(dot, ".") && column?.kind === "name") {
      const name = `${token.text}.${column.text}`;
      const declared = functions.get(name);
      if (declared !== undefined) {
        if (isText(declared)) found.add(database);
        index += 2 + callLength(tokens, index + 3);
        continue;
      }
      const columns = [...(whole.aliases.get(token.text) ?? [])].flatMap(
        (table) => tables.get(table)?.columns.get(column.text) ?? [],
      );
      if (columns.length === 0) for (const one of derivedLabels(name, whole, seen)) found.add(one);
      for (const one of columns) if (isText(one)) found.add(one.collation ?? database);
      index += 2;
    }
  }
  return found;
}

/** The collations of a derived table's column, from the expressions with that name in the file. */
function derivedLabels(name: string, whole: Whole, seen: readonly string[]): Iterable<string> {
  const column = name.slice(name.indexOf(".") + 1);
  const sources = whole.chains.filter(({ after }) => is(after[0], "as") && after[1]?.text === column);
  if (sources.length === 0 || seen.includes(name)) return seen.includes(name) ? [] : [`that of ${name}`];
  return sources.flatMap(({ operands }) => [...labelsOf(operands.flat(), whole, [...seen, name])]);
}

function callLength(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index += 1) {
    if (is(tokens[index], "(")) depth += 1;
    if (is(tokens[index], ")")) depth -= 1;
    if (depth === 0) return index - open + 1;
  }
  return tokens.length - open;
}

/** Text columns of temporary tables without a collation: they get tempdb's, which may differ from all other columns. */
export function temporaryTextColumns(tokens: readonly Token[]): Fault[] {
  return tableElements(tokens).flatMap(({ table, tokens: element, isColumn }) => {
    const [name] = element;
    const declared = typeAt(element, 1);
    if (!table.startsWith("#") || !isColumn || name === undefined || declared === undefined) return [];
    return isText(declared) && declared.collation === undefined
      ? [{ line: name.line, what: `column ${name.text} of ${table} has no explicit collation` }]
      : [];
  });
}

/**
 * Comparisons of a column with empty text without an explicit collation: in SQL Server's default collation N'😀' equals N''. A plain
 * variable is allowed, because its content is ours.
 */
export function blankComparisons(tokens: readonly Token[]): Fault[] {
  return tokens.flatMap((token, index) => {
    const blank = tokens[index + 1];
    const isBlank = blank?.kind === "string" && blank.text === "" && !is(tokens[index + 2], "+");
    const before = tokens[index - 1];
    if (!is(token, "<>", "!=") || !isBlank || before?.kind === "variable") return [];
    const named = is(tokens[index + 2], "collate") || is(tokens[index - 2], "collate");
    return named ? [] : [{ line: token.line, what: "<> N'' without a collation" }];
  });
}
