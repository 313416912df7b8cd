import type { MigrationFile } from "../migration-files";

/** The columns of a recorded statement, as the rewritten procedures return it. */
export interface GeneratedStatement {
  /** The procedure that generated it, without its schema. */
  readonly generated_by: string;
  readonly statement: string;
  /** The declaration of its parameters; NULL for EXEC. */
  readonly parameters: string | null;
}

/** Headers that Babelfish cannot use as column names, with their substitutes in the staging table. The statements show the header. */
export const substitutes: Readonly<Record<string, string>> = { "b]c": "b⟧c" };

const literal = (value: string) => `N'${value.replaceAll("'", "''")}'`;
const bracketed = (value: string) => literal(`[${value.replaceAll("]", "]]")}]`);
const headerOf = `case @header${Object.entries(substitutes)
  .map(
    ([header, substitute]) =>
      ` when ${literal(substitute)} collate Latin1_General_BIN2 then ${literal(header)}`,
  )
  .join("")} else @header end`;
const executable = (sql: string) =>
  Object.entries(substitutes).reduce(
    (inner, [header, substitute]) => `replace(${inner}, ${bracketed(header)}, ${bracketed(substitute)})`,
    sql,
  );

/** These work as SQL Server documents them. Babelfish's QUOTENAME also doubles quotes and opening brackets, and its CONVERT returns no hexadecimal text. */
const functions = [
  `create function qt.server_quotename (@name nvarchar(max)) returns nvarchar(258) as
begin
  return case when len(@name) <= 128 then N'[' + replace(@name, N']', N']]') + N']' end;
end`,
  `create function qt.server_hex (@value varbinary(16)) returns nvarchar(34) as
begin
  declare @text nvarchar(34) = N'0x', @at int = 1, @byte int;
  while @at <= datalength(@value)
  begin
    set @byte = cast(substring(@value, @at, 1) as int);
    set @text = @text + substring(N'0123456789ABCDEF', @byte / 16 + 1, 1) + substring(N'0123456789ABCDEF', @byte % 16 + 1, 1);
    set @at = @at + 1;
  end
  return @text;
end`,
].map(
  (text, index): MigrationFile => ({
    name: `migrations/0001-server-function-${index}.sql`,
    ...{ kind: "numbered", rights: false, text, checksum: "recorder" },
  }),
);

const execution = /\bexec(?:\s*\((@\w+)\)|\s+sp_executesql\s+(@\w+)(?:,\s*(N'[^']*'))?[^;]*);/g;

/**
 * Rewrites the files so that a recordset shows every generated statement before it runs; recordsets survive a rollback. Names are
 * quoted as SQL Server does. Users are not created, because no directory has their identities.
 * @throws Error if a file executes a statement in a form that is not known here.
 */
export function recordingFiles(files: readonly MigrationFile[]): MigrationFile[] {
  const [first, ...others] = files.map((file) => ({ ...file, text: recording(file) }));
  return first === undefined ? [] : [first, ...functions, ...others];
}

function recording({ name, kind, text }: MigrationFile): string {
  if (kind === "numbered") return text;
  const procedure = /^alter procedure qt\.(\w+)/m.exec(text)?.[1];
  const executions = text.match(/\bexec(?:ute)?\s*\(|\bsp_executesql\b/g)?.length ?? 0;
  let found = 0;
  const rewritten = text.replace(
    execution,
    (whole, plain?: string, withParameters?: string, parameters?: string) => {
      found += 1;
      const sql = plain ?? withParameters ?? "";
      const show = `select N'${procedure}' as generated_by, ${sql} as statement, cast(${parameters ?? "null"} as nvarchar(max)) as parameters;`;
      const runs = procedure === "ensure_user" ? `if ${sql} like N'drop user%' ` : "";
      return `begin ${show} set ${sql} = ${executable(sql)}; ${runs}${whole} end`;
    },
  );
  if (found !== executions)
    throw new Error(`${name} executes a statement in a form that the recorder does not know`);
  const quoted = rewritten
    .replace(/\bquotename\(/g, "qt.server_quotename(")
    .replace("convert(nvarchar(34), @sid, 1)", "qt.server_hex(@sid)");
  if (procedure !== "snapshot_columns") return quoted;
  const header = "set @name = isnull(@name, qt.physical_name(@header));";
  if (!quoted.includes(header))
    throw new Error(`${name} reads a header in a form that the recorder does not know`);
  return quoted.replace(header, `set @header = ${headerOf}; ${header}`);
}
