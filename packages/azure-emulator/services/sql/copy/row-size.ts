import type { ClientBase } from "pg";
import { EmulatorError } from "../../../errors/emulator-error";
import type { StagingTable } from "./staging-table";

/** Bytes that a row of SQL Server may have in its page. */
const mostBytes = 8060;

/** Bytes of a value beyond this are stored off the row: the root of its pages stays. */
const mostOfValue = 24;

/**
 * Refuses rows that SQL Server would: an nvarchar(max) takes two bytes for its place and up to 24 of its text, NULLs at the end nothing.
 * Source: "Estimate the size of a heap" and "Row-overflow data" of Microsoft's documentation.
 * @throws EmulatorError QT6122
 */
export async function refuseLargeRows(client: ClientBase, { name, columns }: StagingTable): Promise<void> {
  const own = 4 + 2 + Math.ceil(columns.length / 8);
  if (own + 2 + columns.length * (2 + mostOfValue) <= mostBytes) return;
  const values = columns.map((column, index) => `(s.${column}, ${index + 1})`);
  // A character beyond the first plane takes four bytes.
  const { rows } = await client.query<{ record: string; bytes: number }>(`
    select record, bytes from (
      select row_number() over (order by s.ctid) as record, ${own} + coalesce((
          select 2 + 2 * max(v.place) + sum(case when length(v.value) >= ${mostOfValue / 2} then ${mostOfValue}
            else least(${mostOfValue}, 2 * (length(v.value) + regexp_count(v.value, '[\\U00010000-\\U0010FFFF]'))) end)
          from (values ${values.join(", ")}) v (value, place) where v.value is not null), 0)::int as bytes
      from ${name} s) r
    where bytes > ${mostBytes} order by record limit 1`);
  const [row] = rows;
  if (row !== undefined)
    throw new EmulatorError("QT6122", { record: row.record, bytes: row.bytes, limit: mostBytes });
}
