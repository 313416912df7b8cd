import { escapeIdentifier } from "pg";
import type { ValueType } from "../language/system-functions";
import type { Routine, RoutineParameter } from "./routine";
import { SqlServerError } from "./sql-server-error";

/** An argument of a call; its name has `@`, and is empty for a positional argument. */
export interface Argument {
  readonly name: string;
  readonly value: string | null;
  /** Undefined for a literal of a text. */
  readonly type?: ValueType;
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
    checkTypes(argument, parameter, procedure);
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

const numbers = /^(smallint|integer|bigint|boolean|numeric|real|double precision)/;
const withoutNumber: ReadonlySet<ValueType> = new Set([
  "date",
  "time",
  "datetime2",
  "datetimeoffset",
  "uuid",
]);
const sqlServerNames: ReadonlyMap<string, string> = new Map([
  ["integer", "int"],
  ["boolean", "bit"],
  ["uuid", "uniqueidentifier"],
]);

/** SQL Server makes no number of a date or a uniqueidentifier. @throws SqlServerError 206 */
function checkTypes({ type }: Argument, parameter: RoutineParameter, procedure: string): void {
  if (type === undefined || !withoutNumber.has(type) || !numbers.test(parameter.type)) return;
  const [given, wanted] = [type, parameter.type].map((name) => sqlServerNames.get(name) ?? name);
  throw new SqlServerError(206, `Operand type clash: ${given} is incompatible with ${wanted}`, {
    state: 2,
    procedure,
  });
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
