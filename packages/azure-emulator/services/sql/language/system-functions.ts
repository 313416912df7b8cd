import { randomUUID } from "node:crypto";

/** What a session knows of itself. */
export interface SessionFacts {
  readonly server: string;
  readonly database: string;
  /** The database user. */
  readonly user: string;
  /** The login: of a token's identity, its client id and tenant. */
  readonly login: string;
  readonly processId: number;
  /** @@TRANCOUNT */
  readonly transactions: number;
  readonly lockTimeoutMs: number;
}

export type ValueType =
  | "int"
  | "smallint"
  | "bigint"
  | "bit"
  | "numeric"
  | "float"
  | "name"
  | "text"
  | "uuid"
  | "date"
  | "time"
  | "datetime2"
  | "datetimeoffset"
  | "binary";

export interface TypedValue {
  readonly type: ValueType;
  /** In PostgreSQL's text form. */
  readonly value: string | null;
}

type Evaluate = (facts: SessionFacts) => string | null;
type Known = readonly [type: ValueType, value: Evaluate];

const version = "12.0.2000.8";
const versionText = `Microsoft SQL Azure (RTM) - ${version} \n\tJan  1 2026 00:00:00 \n\tCopyright (C) 2026 Microsoft Corporation\n`;
const collationName = "SQL_Latin1_General_CP1_CI_AS";
const always = (value: string | null) => (): string | null => value;
const now = (): string => new Date().toISOString().replace("T", " ").replace("Z", "");

/** `@@NAME`. @see https://learn.microsoft.com/sql/t-sql/functions/configuration-functions-transact-sql */
const globals: ReadonlyMap<string, Known> = new Map<string, Known>([
  ["@@version", ["text", always(versionText)]],
  ["@@microsoftversion", ["int", always(String(0x0c0007d0))]],
  ["@@servername", ["name", ({ server }) => server]],
  ["@@servicename", ["name", always("MSSQLSERVER")]],
  ["@@spid", ["smallint", ({ processId }) => String(processId)]],
  ["@@trancount", ["int", ({ transactions }) => String(transactions)]],
  ["@@lock_timeout", ["int", ({ lockTimeoutMs }) => String(lockTimeoutMs)]],
  ["@@language", ["name", always("us_english")]],
  ["@@langid", ["smallint", always("0")]],
  ["@@datefirst", ["smallint", always("7")]],
  ["@@textsize", ["int", always("2147483647")]],
  ["@@max_precision", ["smallint", always("38")]],
]);

/** Written without parentheses. */
const niladic: ReadonlyMap<string, Known> = new Map<string, Known>([
  ["current_user", ["name", ({ user }) => user]],
  ["session_user", ["name", ({ user }) => user]],
  ["user", ["name", ({ user }) => user]],
  ["system_user", ["name", ({ login }) => login]],
]);

const functions: ReadonlyMap<string, Known> = new Map<string, Known>([
  ["db_name", ["name", ({ database }) => database]],
  ["schema_name", ["name", always("dbo")]],
  ["user_name", ["name", ({ user }) => user]],
  ["suser_name", ["name", ({ login }) => login]],
  ["suser_sname", ["name", ({ login }) => login]],
  ["original_login", ["name", ({ login }) => login]],
  ["xact_state", ["smallint", ({ transactions }) => (transactions > 0 ? "1" : "0")]],
  ["sysdatetime", ["datetime2", now]],
  ["sysutcdatetime", ["datetime2", now]],
  ["newid", ["uuid", () => randomUUID()]],
]);

/** Of Azure SQL Database. @see https://learn.microsoft.com/sql/t-sql/functions/serverproperty-transact-sql */
const serverProperties: ReadonlyMap<string, Known> = new Map<string, Known>([
  ["engineedition", ["int", always("5")]],
  ["edition", ["name", always("SQL Azure")]],
  ["productversion", ["name", always(version)]],
  ["productlevel", ["name", always("RTM")]],
  ["productmajorversion", ["name", always("12")]],
  ["productminorversion", ["name", always("0")]],
  ["collation", ["name", always(collationName)]],
  ["servername", ["name", ({ server }) => server]],
  ["machinename", ["name", ({ server }) => server]],
  ["instancename", ["name", always(null)]],
  ["isclustered", ["int", always("0")]],
  ["isintegratedsecurityonly", ["int", always("0")]],
]);

/** @see https://learn.microsoft.com/sql/t-sql/functions/databasepropertyex-transact-sql */
const databaseProperties: ReadonlyMap<string, Known> = new Map<string, Known>([
  ["collation", ["name", always(collationName)]],
  ["status", ["name", always("ONLINE")]],
  ["updateability", ["name", always("READ_WRITE")]],
  ["useraccess", ["name", always("MULTI_USER")]],
  ["version", ["int", always("957")]],
]);

/** Whether it is known here, with these arguments; any other is refused before the text runs. */
export function isSystemFunction(name: string, called: boolean, given: readonly (string | null)[]): boolean {
  const withoutCall = globals.has(name) || niladic.has(name);
  return called === !withoutCall && find(name, given) !== undefined;
}

/** @throws Error for one that is not known: the parser has refused it */
export function systemValue(
  name: string,
  given: readonly (string | null)[],
  facts: SessionFacts,
): TypedValue {
  const known = find(name, given);
  if (known === undefined) throw new Error(`the function ${name} is not known`);
  const [type, value] = known;
  return { type, value: value(facts) };
}

function find(name: string, given: readonly (string | null)[]): Known | undefined {
  if (given.length === 0) return globals.get(name) ?? niladic.get(name) ?? functions.get(name);
  const property = (given.at(-1) ?? "").toLowerCase();
  if (name === "serverproperty" && given.length === 1) return serverProperties.get(property);
  if (name === "databasepropertyex" && given.length === 2) return ofDatabase(given[0], property);
  return undefined;
}

/** Of the current database; for any other name SQL Server answers NULL. */
function ofDatabase(database: string | null | undefined, property: string): Known | undefined {
  const known = databaseProperties.get(property);
  if (known === undefined) return undefined;
  const [type, value] = known;
  return [type, (facts) => (database?.toLowerCase() === facts.database.toLowerCase() ? value(facts) : null)];
}
