import { EmulatorError } from "../../../errors/emulator-error";
import { parseBatch } from "../language/parse-batch";
import type { Comparison, Name, Statement } from "../language/statement";
import { NotUnderstood } from "../language/token-reader";
import type { ResultSink } from "./result-sink";
import { sendSelect } from "./select";
import type { Session } from "./session";
import { SqlServerError } from "./sql-server-error";
import { executedText, refuseSystemProcedures } from "./system-names";
import { resolveValue, type Variables } from "./variables";

/**
 * Runs T-SQL that equals a file of the host, or consists of statements that need no table.
 * @throws EmulatorError QT6101 for any other text; none of it has run then
 */
export async function runText(
  session: Session,
  sql: string,
  variables: Variables,
  sink: ResultSink,
): Promise<void> {
  const { files } = session.services;
  const known = files.find(sql);
  if (known !== undefined) return session.file(known, sink);
  const statements = understood(sql);
  if (Array.isArray(statements)) {
    await refuseSystemProcedures(session, statements);
    return run(session, statements, variables, sink);
  }
  await files.refresh();
  const file = files.find(sql);
  if (file === undefined) throw new EmulatorError("QT6101", { statement: excerpt(sql.slice(statements.at)) });
  await session.file(file, sink);
}

function understood(sql: string): Statement[] | NotUnderstood {
  try {
    return parseBatch(sql);
  } catch (error) {
    if (error instanceof NotUnderstood) return error;
    throw error;
  }
}

async function run(
  session: Session,
  statements: readonly Statement[],
  variables: Variables,
  sink: ResultSink,
): Promise<void> {
  for (const statement of statements) await runStatement(session, statement, variables, sink);
}

async function runStatement(
  session: Session,
  statement: Statement,
  variables: Variables,
  sink: ResultSink,
): Promise<void> {
  const nameOf = (name: Name | undefined): string => resolveValue(name ?? "", variables) ?? "";
  switch (statement.kind) {
    case "call": {
      const given = statement.arguments.map(({ name, value }) => ({
        name,
        value: resolveValue(value, variables),
      }));
      const inner = executedText(statement.procedure, given);
      if (inner !== undefined)
        return session.dynamically(() => runText(session, inner.text, inner.variables, sink));
      return session.call(statement.procedure, given, sink);
    }
    case "begin":
      return session.beginByText(nameOf(statement.name), sink);
    case "commit":
      return session.commit(sink);
    case "rollback":
      return session.rollback(nameOf(statement.name), sink);
    case "save":
      return session.save(nameOf(statement.name), sink);
    case "if": {
      const holds = compare(session.facts.transactions, statement.comparison, statement.number);
      return run(session, holds ? statement.whenTrue : statement.whenFalse, variables, sink);
    }
    case "select":
      return sendSelect(statement.columns, variables, session.facts, sink);
    case "use":
      if (statement.database.toLowerCase() === session.login.database.toLowerCase()) return;
      throw new SqlServerError(
        40508,
        "USE statement is not supported to switch between databases. Use a new connection to connect to a different database.",
      );
    case "set":
      return session.set(statement);
  }
}

function compare(value: number, comparison: Comparison, number: number): boolean {
  switch (comparison) {
    case "=":
      return value === number;
    case "<>":
      return value !== number;
    case ">":
      return value > number;
    case "<":
      return value < number;
  }
}

/** The beginning of a text for a message; literals may hold data, so they are left out. */
function excerpt(sql: string): string {
  const text = sql
    .replace(/'(?:[^']|'')*'?/g, "'…'")
    .replace(/\s+/g, " ")
    .trim();
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
