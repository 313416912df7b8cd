import { text } from "node:stream/consumers";
import type { CopyCsvRequest } from "../../sql/sql-service";
import type { CsvSink } from "../copy/csv-sink";
import type { OpenSql, SqlParameter, SqlRow, SqlSession } from "../sql/sql-session";

export interface FakeSql {
  readonly open: OpenSql;
  readonly sink: CsvSink;
  /** Calls of procedures and scripts, in order. */
  readonly calls: { readonly what: string; readonly parameters: Readonly<Record<string, unknown>> }[];
  readonly copies: { readonly request: CopyCsvRequest; readonly csv: string }[];
  /** The rows that a procedure or SQL text returns; a function that throws makes the call fail. */
  readonly answers: Map<string, () => readonly SqlRow[]>;
  /** The session of every connection; a test may replace its methods. */
  readonly session: { -readonly [Key in keyof SqlSession]: SqlSession[Key] };
}

/** A fake database that records its calls. */
export function createFakeSql(): FakeSql {
  const calls: FakeSql["calls"] = [];
  const copies: FakeSql["copies"] = [];
  const answers: FakeSql["answers"] = new Map();
  const answer = async (what: string, parameters: readonly SqlParameter[]) => {
    calls.push({ what, parameters: Object.fromEntries(parameters.map(({ name, value }) => [name, value])) });
    const rows = answers.get(what)?.() ?? [];
    return { recordsets: [rows], rowsAffected: [rows.length] };
  };
  const session = { execute: answer, query: answer, close: async () => undefined };
  return {
    calls,
    copies,
    answers,
    session,
    open: async () => session,
    sink: {
      async copyCsv(request) {
        const csv = await text(request.csv);
        copies.push({ request, csv });
        const lines = csv.split("\n").filter((line) => line !== "");
        return {
          rowsCopied: Math.max(lines.length - 1, 0),
          dataRead: Buffer.byteLength(csv),
          columns: lines[0]?.split(",") ?? [],
        };
      },
    },
  };
}
