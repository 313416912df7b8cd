import { escapeIdentifier } from "pg";
import type { Routine } from "./routine";
import { SqlServerError } from "./sql-server-error";

/** An argument of a call; its name has `@`, and is empty for a positional argument. */
export interface Argument {
  readonly name: string;
  readonly value: string | null;
}

/** A statement with its parameters. */
export interface CallStatement {
  readonly text: string;
  readonly values: readonly (string | null)[];
}

/**
 * The PostgreSQL statement for a T-SQL call. Names are compared without `@` and ignoring case; values are passed as parameters.
 * @throws SqlServerError 8145, 8144, 201 or 8143 as SQL Server does
 */
export function callStatement(routine: Routine, given: readonly Argument[]): CallStatement {
  const procedure = `${routine.schema}.${routine.name}`;
  const values: (string | null)[] = [];
  const passed = new Map<string, string>();
  given.forEach((argument, index) => {
    const name = argument.name.replace(/^@/, "").toLowerCase();
    const parameter =
      name === ""
        ? routine.parameters[index]
        : routine.parameters.find((candidate) => candidate.name.toLowerCase() === name);
    if (parameter === undefined) throw unknownArgument(procedure, argument.name);
    if (passed.has(parameter.name)) {
      throw new SqlServerError(8143, `Parameter '@${parameter.name}' was supplied multiple times.`, {
        procedure,
      });
    }
    values.push(parameter.type === "boolean" ? bit(argument.value) : argument.value);
    passed.set(parameter.name, `${escapeIdentifier(parameter.name)} => $${values.length}::${parameter.type}`);
  });
  for (const { name, optional } of routine.parameters) {
    if (optional || passed.has(name)) continue;
    const text = `Procedure or function '${procedure}' expects parameter '@${name}', which was not supplied.`;
    throw new SqlServerError(201, text, { state: 4, procedure });
  }
  const target = `${escapeIdentifier(routine.schema)}.${escapeIdentifier(routine.name)}(${[...passed.values()].join(", ")})`;
  return { text: routine.kind === "procedure" ? `call ${target}` : `select * from ${target}`, values };
}

/** Every number but zero is a 1. @see https://learn.microsoft.com/sql/t-sql/data-types/bit-transact-sql */
function bit(value: string | null): string | null {
  return value !== null && /^[-+]?\d+$/.test(value) ? String(/[1-9]/.test(value)) : value;
}

function unknownArgument(procedure: string, name: string): SqlServerError {
  return name === ""
    ? new SqlServerError(8144, `Procedure or function ${procedure} has too many arguments specified.`, {
        state: 2,
        procedure,
      })
    : new SqlServerError(8145, `${name} is not a parameter for procedure ${procedure}.`, { procedure });
}
