import type { Checkpointed, DeclaredTable, Operation } from "./connector-run";

/**
 * Turns the operations between two checkpoints into an answer of the Functions protocol, for the strict destination.
 * @throws Error if a truncate follows an operation on its table (Fivetran deletes what was written before it), or
 * if there is an update, which the connector never sends.
 */
export function pageOfOperations(
  { operations, state }: Checkpointed,
  schema: readonly DeclaredTable[],
): string {
  const insert = new Map<string, unknown[]>();
  const remove = new Map<string, unknown[]>();
  const softDelete: string[] = [];
  for (const operation of operations) {
    const { table } = operation;
    if (operation.op === "truncate") {
      if (insert.has(table) || remove.has(table))
        throw new Error(`${table} is truncated after its rows were sent`);
      softDelete.push(table);
    } else {
      const section = sectionOf(operation, { insert, remove });
      const rows = section.get(table) ?? [];
      rows.push(operation.row);
      section.set(table, rows);
    }
  }
  const keys = schema.map(({ table, primary_key }) => [table, { primary_key }]);
  return JSON.stringify({
    state,
    insert: Object.fromEntries(insert),
    delete: Object.fromEntries(remove),
    softDelete,
    schema: Object.fromEntries(keys),
    hasMore: false,
  });
}

function sectionOf(
  { op, table }: Operation,
  { insert, remove }: Readonly<Record<"insert" | "remove", Map<string, unknown[]>>>,
): Map<string, unknown[]> {
  if (op === "upsert") return insert;
  if (op === "delete") return remove;
  throw new Error(`${op} of ${table}`);
}
