import { parseExpression, parseLiteral } from "./parse-expression";
import { parseSet } from "./parse-set";
import { procedureText } from "./procedure-name";
import type { CallArgument, Comparison, Name, SelectColumn, Statement } from "./statement";
import { TokenReader } from "./token-reader";

/**
 * Parses a batch of the few statements that the endpoint knows.
 * @throws NotUnderstood if it contains anything else: then nothing of the batch may run
 */
export function parseBatch(text: string): Statement[] {
  const reader = new TokenReader(text);
  const statements: Statement[] = [];
  for (;;) {
    while (reader.symbol(";")) {}
    if (reader.done) return statements;
    statements.push(...statement(reader));
  }
}

const statementStarts: ReadonlySet<string> = new Set([
  "set",
  "exec",
  "execute",
  "begin",
  "commit",
  "rollback",
  "save",
  "if",
  "else",
  "end",
  "use",
  "select",
]);

/** One statement, or one SET of several options. */
function statement(reader: TokenReader): Statement[] {
  reader.beginStatement();
  const word = reader.word();
  switch (word) {
    case "exec":
    case "execute":
      return [call(reader)];
    case "begin":
      reader.expectWord("tran", "transaction");
      return [{ kind: "begin", ...optionalName(reader) }];
    case "commit":
      if (!reader.optionalWord("work") && reader.optionalWord("tran", "transaction")) optionalName(reader);
      return [{ kind: "commit" }];
    case "rollback":
      if (reader.optionalWord("work") || !reader.optionalWord("tran", "transaction"))
        return [{ kind: "rollback" }];
      return [{ kind: "rollback", ...optionalName(reader) }];
    case "save":
      reader.expectWord("tran", "transaction");
      return [{ kind: "save", name: transactionName(reader) }];
    case "if":
      return [condition(reader)];
    case "set":
      return parseSet(reader).map((option) => ({ kind: "set", ...option }));
    case "use":
      return [{ kind: "use", database: reader.identifier() }];
    case "select":
      return [{ kind: "select", columns: reader.list(() => column(reader)) }];
    default:
      return reader.fail();
  }
}

const comparisons: Readonly<Record<string, Comparison>> = { "=": "=", ">": ">", "<": "<" };

function condition(reader: TokenReader): Statement {
  reader.expectWord("@@trancount");
  const symbol = reader.peek();
  let comparison = symbol?.kind === "symbol" ? comparisons[symbol.text] : undefined;
  if (comparison === undefined) return reader.fail();
  reader.skip();
  if (comparison === "<" && reader.symbol(">")) comparison = "<>";
  const digits = reader.number();
  if (!/^\d{1,9}$/.test(digits)) reader.fail();
  const whenTrue = body(reader);
  const whenFalse = reader.optionalWord("else") ? body(reader) : [];
  return { kind: "if", comparison, number: Number(digits), whenTrue, whenFalse };
}

/** A statement, or those between BEGIN and END. */
function body(reader: TokenReader): Statement[] {
  const block = reader.peekWord() === "begin" && !/^tran(saction)?$/.test(reader.peekWord(1) ?? "");
  if (!block) return statement(reader);
  reader.skip();
  const statements: Statement[] = [];
  for (;;) {
    while (reader.symbol(";")) {}
    if (reader.optionalWord("end")) return statements.length > 0 ? statements : reader.fail();
    statements.push(...statement(reader));
  }
}

function call(reader: TokenReader): Statement {
  const parts = [reader.identifier()];
  while (reader.symbol(".")) parts.push(reader.atIdentifier() ? reader.identifier() : "");
  const list = atEndOfStatement(reader) ? [] : reader.list(() => argument(reader));
  // Positional arguments come first, then named ones; SQL Server refuses the other order too.
  if (list.some(({ name }, index) => name === "" && index > 0 && list[index - 1]?.name !== "")) reader.fail();
  return { kind: "call", procedure: procedureText(parts), arguments: list };
}

function argument(reader: TokenReader): CallArgument {
  const next = reader.peek(1);
  const named = next?.kind === "symbol" && next.text === "=";
  const name = named ? (reader.variable() ?? reader.fail()) : "";
  if (named) reader.skip();
  const variable = reader.variable();
  return { name, value: variable === undefined ? parseLiteral(reader).value : { variable } };
}

function column(reader: TokenReader): SelectColumn {
  const value = parseExpression(reader);
  const named = reader.optionalWord("as");
  const bare = reader.atIdentifier() && !statementStarts.has(reader.peekWord() ?? "");
  return { name: named || bare ? reader.identifier() : "", value };
}

function optionalName(reader: TokenReader): { name?: Name } {
  return atEndOfStatement(reader) ? {} : { name: transactionName(reader) };
}

/** At most 32 characters, as SQL Server allows. */
function transactionName(reader: TokenReader): Name {
  const variable = reader.variable();
  if (variable !== undefined) return { variable };
  const name = reader.identifier();
  return name.length <= 32 ? name : reader.fail();
}

function atEndOfStatement(reader: TokenReader): boolean {
  const token = reader.peek();
  if (token === undefined || (token.kind === "symbol" && token.text === ";")) return true;
  return statementStarts.has(reader.peekWord() ?? "");
}
