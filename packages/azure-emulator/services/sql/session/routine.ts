import type { ClientBase } from "pg";
import type { ProcedureName } from "../language/procedure-name";
import { SqlServerError } from "./sql-server-error";

/** A PostgreSQL function or procedure that implements a T-SQL procedure. */
export interface Routine {
  readonly schema: string;
  readonly name: string;
  readonly parameters: readonly RoutineParameter[];
  /** The result for the caller: nothing, one recordset, or one recordset for each cursor. */
  readonly returns: "nothing" | "rows" | "cursors";
  readonly kind: "function" | "procedure";
  /** The role whose rights it runs with; undefined for the caller's. */
  readonly runsAs?: string | undefined;
}

export interface RoutineParameter {
  readonly name: string;
  /** In SQL's notation, for a cast. */
  readonly type: string;
  readonly optional: boolean;
}

const findRoutine = `
  select n.nspname as schema, p.proname as name, p.prokind as kind,
         coalesce((select json_agg(json_build_object('name', coalesce(p.proargnames[i], ''), 'type', format_type(t, null))
                                   order by i)
                     from unnest(p.proargtypes::oid[]) with ordinality as a(t, i)), '[]') as parameters,
         p.pronargdefaults as defaults,
         case when p.prosecdef then pg_get_userbyid(p.proowner) end as runs_as,
         case when p.prorettype = 'void'::regtype or p.prokind = 'p' then 'nothing'
              when p.prorettype = 'refcursor'::regtype then 'cursors'
              else 'rows' end as returns
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   where n.nspname = lower($1) and p.proname = lower($2) and p.prokind in ('f', 'p')
     and n.nspname not in ('pg_catalog', 'information_schema')
   order by p.oid`;

interface RoutineRow {
  schema: string;
  name: string;
  kind: "f" | "p";
  parameters: { name: string; type: string }[];
  defaults: number;
  runs_as: string | null;
  returns: Routine["returns"];
}

/** Looks up each procedure once per database; call `forget` after anything that may have changed procedures. */
export class RoutineCatalogue {
  readonly #known = new Map<string, Map<string, Routine>>();

  /** @param written the name as the caller wrote it, for the message @throws SqlServerError 2812 */
  async find(
    client: ClientBase,
    database: string,
    { schema, name }: ProcedureName,
    written: string,
  ): Promise<Routine> {
    const key = JSON.stringify([schema, name]).toLowerCase();
    const known = this.#known.get(database)?.get(key);
    if (known !== undefined) return known;
    const { rows } = await client.query<RoutineRow>(findRoutine, [schema, name]);
    const row = rows[0];
    if (row === undefined) throw noSuchProcedure(written);
    const routine = toRoutine(row);
    let inDatabase = this.#known.get(database);
    if (inDatabase === undefined) {
      inDatabase = new Map();
      this.#known.set(database, inDatabase);
    }
    inDatabase.set(key, routine);
    return routine;
  }

  forget(database: string): void {
    this.#known.delete(database);
  }
}

export function noSuchProcedure(name: string): SqlServerError {
  return new SqlServerError(2812, `Could not find stored procedure '${name}'.`, { state: 62 });
}

function toRoutine(row: RoutineRow): Routine {
  const firstOptional = row.parameters.length - row.defaults;
  return {
    schema: row.schema,
    name: row.name,
    kind: row.kind === "p" ? "procedure" : "function",
    returns: row.returns,
    runsAs: row.runs_as ?? undefined,
    parameters: row.parameters.map(({ name, type }, index) => ({
      name,
      type,
      optional: index >= firstOptional,
    })),
  };
}
