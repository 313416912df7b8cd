import { EmulatorError } from "../../../errors/emulator-error";
import type { Statement } from "../language/statement";
import type { TypedValue, ValueType } from "../language/system-functions";
import type { Argument } from "./call-statement";
import type { Session } from "./session";
import { SqlServerError } from "./sql-server-error";
import type { Variables } from "./variables";

/** The name in lower case if it has the prefix of the system's procedures, whatever its schema; undefined for all others. */
export function systemName(procedure: string): string | undefined {
  return /(?:^|\.)\W*((?:sp|xp)_\w+)\W*(?:;1)?$/i.exec(procedure)?.[1]?.toLowerCase();
}

/** @throws EmulatorError QT6101 if the statements call a procedure of the system that is not here; none of them has run then */
export async function refuseSystemProcedures(
  session: Session,
  statements: readonly Statement[],
): Promise<void> {
  for (const statement of statements) {
    if (statement.kind === "if") {
      await refuseSystemProcedures(session, [...statement.whenTrue, ...statement.whenFalse]);
    } else if (statement.kind === "call") {
      const name = systemName(statement.procedure);
      if (name !== undefined && name !== "sp_executesql")
        await refuseSystemProcedure(session, statement.procedure);
    }
  }
}

/** "There is no such procedure" would not be true of one that every SQL Server has. */
export async function refuseSystemProcedure(session: Session, procedure: string): Promise<void> {
  if (!(await session.has(procedure))) throw new EmulatorError("QT6101", { statement: `EXEC ${procedure}` });
}

/** The text of a call `sp_executesql N'…', N'@p int', @p = 1`; undefined for any other call. @throws SqlServerError 8145 */
export function executedText(
  procedure: string,
  given: readonly Argument[],
): { readonly text: string; readonly variables: Variables } | undefined {
  if (systemName(procedure) !== "sp_executesql") return undefined;
  const [statement, declaration, ...values] = given;
  return { text: textOf(statement), variables: bind(declaration?.value ?? "", values) };
}

const types: Readonly<Record<string, ValueType>> = {
  int: "int",
  bigint: "bigint",
  smallint: "smallint",
  bit: "bit",
};

/**
 * The values of the variables that a text declares, such as `@a int, @b nvarchar(10)`: by name, or by position if a value has none
 * (mssql-jdbc sends all of its values so). A value without a type has the declared one.
 * @throws SqlServerError 8145 for a value that is not declared
 */
export function bind(declaration: string, values: readonly Argument[]): Variables {
  const declared = [...declaration.matchAll(/(@[\w@#$]+)\s+(?:as\s+)?(\w+)/gi)];
  const names = declared.map(([, name = ""]) => name.toLowerCase());
  const variables = new Map<string, TypedValue>();
  values.forEach(({ name, value, type }, index) => {
    const at = name === "" ? index : names.indexOf(name.toLowerCase());
    const own = names[at];
    if (own === undefined)
      throw new SqlServerError(8145, `${name} is not a parameter for procedure sp_executesql.`);
    variables.set(own, { type: type ?? types[declared[at]?.[2]?.toLowerCase() ?? ""] ?? "text", value });
  });
  return variables;
}

/** The text that a parameter gives. @throws SqlServerError 214 */
export function textOf(parameter: { readonly value: string | null } | undefined): string {
  if (typeof parameter?.value === "string") return parameter.value;
  throw new SqlServerError(214, "Procedure expects parameter '@statement' of type 'ntext/nchar/nvarchar'.", {
    state: 2,
  });
}
