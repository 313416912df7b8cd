import { closing, is, parts, type Token, tokensOf } from "./tokens";

/** The parts of a declared type that the rules use. */
export interface Declared {
  /** For example `nvarchar` or `int`. */
  readonly type: string;
  /** Characters of a text type; Infinity for max or if unknown. */
  readonly width: number;
  /** The explicit collation of a text column; undefined: the database's, or tempdb's for a temporary table. */
  readonly collation: string | undefined;
}

export interface Table {
  /** For example `qt.dataset` or `#delta`. */
  readonly name: string;
  readonly columns: ReadonlyMap<string, Declared>;
}

export interface Declarations {
  readonly tables: ReadonlyMap<string, Table>;
  /** Return types by function. */
  readonly functions: ReadonlyMap<string, Declared>;
}

const textTypes = ["nvarchar", "varchar", "nchar", "char", "sysname"];
const constraintWords = ["constraint", "primary", "unique", "check", "foreign", "index", "default"];

export function isText({ type }: Declared): boolean {
  return textTypes.includes(type);
}

/** The type that begins at `index`; undefined if there is none. */
export function typeAt(tokens: readonly Token[], index: number): Declared | undefined {
  const token = tokens[index];
  if (token?.kind !== "name") return undefined;
  const type = token.text;
  if (type === "sysname") return { type, width: 128, collation: undefined };
  const size = is(tokens[index + 1], "(") ? tokens[index + 2]?.text : undefined;
  const width = size === undefined ? 1 : size === "max" ? Infinity : Number(size);
  const at = tokens.findIndex((one, place) => place > index && is(one, "collate"));
  return { type, width, collation: at < 0 ? undefined : tokens[at + 1]?.text };
}

/** A column or a constraint of `create table`, with its table. */
export interface TableElement {
  readonly table: string;
  readonly tokens: readonly Token[];
  readonly isColumn: boolean;
}

/** The elements of every `create table` and `alter table … add`. */
export function tableElements(tokens: readonly Token[]): TableElement[] {
  return tokens.flatMap((token, index) => {
    if (!is(token, "create", "alter") || !is(tokens[index + 1], "table")) return [];
    const qualified = is(tokens[index + 3], ".");
    const end = index + (qualified ? 5 : 3);
    const table = tokens
      .slice(index + 2, end)
      .map(({ text }) => text)
      .join("");
    const create = is(token, "create") && is(tokens[end], "(");
    const add = is(token, "alter") && is(tokens[end], "add");
    const from = end + 1;
    const to = create ? closing(tokens, end) : tokens.findIndex((one, at) => at > end && is(one, ";"));
    const list = create || add ? parts(tokens.slice(from, to < 0 ? tokens.length : to)) : [];
    return list.map((element) => ({ table, tokens: element, isColumn: !is(element[0], ...constraintWords) }));
  });
}

/** The declarations of a set of files. */
export function declarationsOf(texts: readonly string[]): Declarations {
  const tables = new Map<string, Table & { columns: Map<string, Declared> }>();
  const functions = new Map<string, Declared>();
  for (const text of texts) {
    const tokens = tokensOf(text);
    for (const { table: name, tokens: element, isColumn } of tableElements(tokens)) {
      const declared = typeAt(element, 1);
      if (!isColumn || element[0] === undefined || declared === undefined) continue;
      const table = tables.get(name) ?? { name, columns: new Map() };
      tables.set(name, table);
      table.columns.set(element[0].text, declared);
    }
    tokens.forEach((token, index) => {
      if (!is(token, "function")) return;
      const returns = tokens.findIndex((one, at) => at > index && is(one, "returns"));
      const declared = typeAt(tokens.slice(0, returns + 5), returns + 1);
      if (declared !== undefined) functions.set(nameAt(tokens, index + 1), declared);
    });
  }
  return { tables, functions };
}

/** The types of a file's variables and parameters, by name including `@`. */
export function variablesOf(tokens: readonly Token[]): Map<string, Declared> {
  const found = new Map<string, Declared>();
  tokens.forEach((token, index) => {
    if (token.kind !== "variable" || found.has(token.text)) return;
    const declared = typeAt(tokens.slice(0, index + 5), index + 1);
    const isType =
      declared !== undefined && !is(tokens[index + 1], "and", "or", "is", "in", "like", "as", "from");
    if (isType) found.set(token.text, declared);
  });
  return found;
}

/** The tables that each alias of a file stands for; a table's own name counts as an alias too. */
export function aliasesOf(tokens: readonly Token[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  tokens.forEach((token, index) => {
    if (!is(token, "from", "join", "update", "into", "apply")) return;
    const table = nameAt(tokens, index + 1);
    const next = tokens[index + (table.includes(".") ? 4 : 2)];
    const alias = next?.kind === "name" && !is(next, "set", "where", "with", "on") ? next.text : table;
    for (const name of [alias, table]) found.set(name, (found.get(name) ?? new Set()).add(table));
  });
  return found;
}

function nameAt(tokens: readonly Token[], index: number): string {
  const end = index + (is(tokens[index + 1], ".") ? 3 : 1);
  return tokens
    .slice(index, end)
    .map(({ text }) => text)
    .join("");
}
