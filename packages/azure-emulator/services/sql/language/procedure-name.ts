import { SqlServerError } from "../session/sql-server-error";

/** A procedure of the current database. */
export interface ProcedureName {
  readonly schema: string;
  readonly name: string;
}

const regular = /^[\p{L}_#@][\p{L}\p{N}_#@$]*$/u;

/** A name of several parts as text, each quoted if it needs to be. */
export function procedureText(parts: readonly string[]): string {
  return parts
    .map((part) => (part === "" || regular.test(part) ? part : `[${part.replaceAll("]", "]]")}]`))
    .join(".");
}

/** One part: in brackets, in quotes, or bare (empty for a part left out). */
const part = /\s*(?:\[((?:[^\]]|\]\])*)\]|"((?:[^"]|"")*)"|([^.[\]"]*?))\s*(\.|$)/y;

/**
 * Reads `[[server.]database.][schema.]name`; the schema is `dbo` if there is none.
 * @returns undefined if it is no name
 * @throws SqlServerError 40515 for another database or server
 * @see https://learn.microsoft.com/azure/azure-sql/database/transact-sql-tsql-differences-sql-server
 */
export function parseProcedureName(text: string, database: string): ProcedureName | undefined {
  // `name;1` is the first (and here the only) procedure of a group, as ODBC writes it.
  const parts = partsOf(text.replace(/;1$/, ""));
  const name = parts?.at(-1);
  if (parts === undefined || !name || parts.length > 4) return undefined;
  const [schema = "", inDatabase = "", server = ""] = parts.slice(0, -1).reverse();
  if (server !== "" || (inDatabase !== "" && inDatabase.toLowerCase() !== database.toLowerCase()))
    throw new SqlServerError(
      40515,
      `Reference to database and/or server name in '${text}' is not supported in this version of SQL Server.`,
      { class: 15 },
    );
  return { schema: schema || "dbo", name };
}

function partsOf(text: string): string[] | undefined {
  const parts: string[] = [];
  part.lastIndex = 0;
  for (;;) {
    const match = part.exec(text);
    if (match === null) return undefined;
    parts.push(match[1]?.replaceAll("]]", "]") ?? match[2]?.replaceAll('""', '"') ?? match[3] ?? "");
    if (match[4] === "") return parts;
  }
}
