import type { ConnectionPool, IRecordSet, Request } from "mssql";
import { messageOf } from "../../../../kit/reason-of";
import { namedRows } from "../../sql/named-rows";
import { type OpenSql, SqlFailure, type SqlParameter, type SqlResult } from "./sql-session";

/** Time limit for a login. A paused serverless database fails sooner, and the attempt resumes it. */
const CONNECT_TIMEOUT_MS = 30_000;

/** Connects with the `mssql` driver, as any client of Azure SQL would. */
export const openMssql: OpenSql = async (target, accessToken) => {
  // Loaded on first use, so that an emulator that runs no pipeline does not load the driver.
  const { default: mssql } = await import("mssql");
  const pool = new mssql.ConnectionPool({
    server: target.host,
    port: target.port,
    database: target.database,
    authentication: { type: "azure-active-directory-access-token", options: { token: accessToken } },
    options: {
      encrypt: target.strict ? ("strict" as unknown as boolean) : true,
      trustServerCertificate: false,
      ...(target.from !== undefined && { localAddress: target.from }),
    },
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: target.commandTimeout * 1000,
    pool: { max: 1, min: 0 },
  });
  try {
    await pool.connect();
  } catch (error) {
    throw failure(error);
  }
  return {
    execute: (procedure, parameters, abort) =>
      run(pool, parameters, mssql, abort, (request) => request.execute(procedure)),
    query: (text, parameters, abort) =>
      run(pool, parameters, mssql, abort, (request) =>
        parameters.length === 0 ? request.batch(text) : request.query(text),
      ),
    close: () => pool.close(),
  };
};

/** The common part of the results of both kinds of request. */
interface Answer {
  readonly recordsets: unknown;
  readonly rowsAffected: number[];
}

async function run(
  pool: ConnectionPool,
  parameters: readonly SqlParameter[],
  mssql: typeof import("mssql"),
  signal: AbortSignal,
  send: (request: Request) => Promise<Answer>,
): Promise<SqlResult> {
  const request = pool.request();
  request.arrayRowMode = true;
  const types = { nvarchar: mssql.NVarChar(mssql.MAX), int: mssql.Int, bigint: mssql.BigInt, bit: mssql.Bit };
  for (const { name, type, value } of parameters) request.input(name, types[type], value);
  const cancel = () => request.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const result = await send(request);
    return { recordsets: recordsetsOf(result, mssql), rowsAffected: result.rowsAffected };
  } catch (error) {
    throw failure(error);
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

/** The driver returns 64-bit integers as strings, but Data Factory shows numbers. Those beyond 2^53 stay strings. */
function recordsetsOf({ recordsets }: Answer, mssql: typeof import("mssql")): SqlResult["recordsets"] {
  if (!Array.isArray(recordsets)) return [];
  return (recordsets as IRecordSet<object>[]).map((recordset) => {
    const rows = namedRows(recordset);
    const large = Object.values(recordset.columns).filter(({ type }) => type === mssql.BigInt);
    if (large.length === 0) return rows;
    return rows.map((row) => {
      const numbers = large.map(({ name }) => [name, numberOf(row[name])]);
      return { ...row, ...Object.fromEntries(numbers) };
    });
  });
}

function numberOf(value: unknown): unknown {
  const number = typeof value === "string" ? Number(value) : undefined;
  return Number.isSafeInteger(number) ? number : value;
}

function failure(error: unknown): SqlFailure {
  const message = messageOf(error);
  const number = error instanceof Error && "number" in error ? error.number : undefined;
  return new SqlFailure(message, typeof number === "number" ? number : undefined);
}
