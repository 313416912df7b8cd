import { type ClientBase, escapeIdentifier } from "pg";
import { inTransaction } from "../postgres/in-transaction";
import { runRows } from "../postgres/row-query";
import type { CallStatement } from "./call-statement";
import { effectOnly, firstColumn, recordsets } from "./receivers";
import type { ResultSink } from "./result-sink";
import type { Routine } from "./routine";

/** The state of the session that calls. */
export interface Caller {
  /** Undefined for the administrator. */
  readonly role: string | undefined;
  readonly inTransaction: boolean;
}

/** Calls a routine and passes on its recordsets. @throws SqlServerError | DatabaseError */
export async function callRoutine(
  client: ClientBase,
  routine: Routine,
  statement: CallStatement,
  caller: Caller,
  sink: ResultSink,
): Promise<void> {
  if (routine.returns === "nothing") await runRows(client, statement, effectOnly);
  else if (routine.returns === "rows") await runRows(client, statement, recordsets(sink));
  else if (caller.inTransaction) await readCursors(client, routine, statement, caller, sink);
  // Cursors live as long as their transaction.
  else await inTransaction(client, () => readCursors(client, routine, statement, caller, sink));
  sink.endOfCall();
}

/**
 * A cursor produces its rows while they are read, so they are read with the rights of the procedure.
 * `set local` ends with the transaction; a caller in a transaction gets its role back.
 */
async function readCursors(
  client: ClientBase,
  { runsAs }: Routine,
  statement: CallStatement,
  { role, inTransaction }: Caller,
  sink: ResultSink,
): Promise<void> {
  const names = await firstColumn(client, statement);
  const changesRole = role !== undefined && runsAs !== undefined;
  if (changesRole) await client.query(`set local role ${escapeIdentifier(runsAs)}`);
  for (const cursor of names) {
    await runRows(client, { cursor }, recordsets(sink));
    if (inTransaction) await client.query(`close ${escapeIdentifier(cursor)}`);
  }
  if (changesRole && inTransaction) await client.query(`set local role ${escapeIdentifier(role)}`);
}
