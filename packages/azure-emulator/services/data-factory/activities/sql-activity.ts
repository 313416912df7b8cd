import { writeJson } from "../expressions/json-writer";
import { toText } from "../expressions/text";
import { isArray, isObject, type Value } from "../expressions/value";
import type { ActivityContext } from "../run/activity-context";
import { ActivityError } from "../run/activity-error";
import {
  SqlFailure,
  type SqlParameter,
  type SqlResult,
  type SqlSession,
  type SqlTarget,
  type SqlType,
} from "../sql/sql-session";

/** The audience of Azure SQL's tokens. */
export const SQL_AUDIENCE = "https://database.windows.net/";

/** Connects as the factory, does the work and closes. Failures become errors `code` in Data Factory's wording. */
export async function withSql(
  context: ActivityContext,
  target: SqlTarget,
  code: string,
  work: (session: SqlSession) => Promise<SqlResult>,
): Promise<SqlResult> {
  const token = context.services.token(context.factory, SQL_AUDIENCE);
  let session: SqlSession | undefined;
  try {
    const from = await context.services.addressIn(target.network);
    session = await context.services.openSql(from === undefined ? target : { ...target, from }, token);
    return await work(session);
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    const address = `Server: '${target.host}', Database: '${target.database}'`;
    const message =
      session === undefined
        ? `Cannot connect to SQL Database. ${address}. ${error.message}`
        : `Execution fail against sql server. Sql error number: ${error.number ?? "unknown"}. Error Message: ${error.message}`;
    throw new ActivityError(code, message, "UserError", { cause: error });
  } finally {
    await session?.close();
  }
}

/** Converts a parameter from Studio's form: a value and one of Data Factory's type names. */
export function sqlParameter(name: string, value: Value, type = "String"): SqlParameter {
  if (value === null) return { name, type: sqlType(type), value: null };
  const text = isArray(value) || isObject(value) ? writeJson(value) : toText(value);
  switch (sqlType(type)) {
    case "int":
      return { name, type: "int", value: integer(name, text) };
    case "bigint":
      integer(name, text);
      // A string keeps every digit.
      return { name, type: "bigint", value: text };
    case "bit":
      if (!/^(true|false|0|1)$/i.test(text)) throw invalid(name, "a boolean");
      return { name, type: "bit", value: /^(true|1)$/i.test(text) };
    case "nvarchar":
      return { name, type: "nvarchar", value: text };
  }
}

/** Every other type is sent as nvarchar; the server converts it. */
function sqlType(type: string): SqlType {
  switch (type.toLowerCase()) {
    case "int":
    case "int16":
    case "int32":
      return "int";
    case "int64":
      return "bigint";
    case "boolean":
      return "bit";
    default:
      return "nvarchar";
  }
}

function integer(name: string, text: string): number {
  if (!/^-?\d+$/.test(text)) throw invalid(name, "an integer");
  return Number(text);
}

function invalid(name: string, wanted: string): ActivityError {
  return new ActivityError("BadRequest", `The value of the SQL parameter '${name}' must be ${wanted}.`);
}
