import { text } from "node:stream/consumers";
import type { CopyCsvRequest } from "../../sql/sql-service";
import type { CsvSink } from "../copy/csv-sink";
import type { OpenSql, SqlParameter, SqlRow, SqlSession } from "../sql/sql-session";

export interface FakeSql {
  readonly open: OpenSql;
  readonly sink: CsvSink;
  /** Procedures and scripts in the order of their calls. */
  readonly calls: { readonly what: string; readonly parameters: Readonly<Record<string, unknown>> }[];
  readonly copies: { readonly request: CopyCsvRequest; readonly csv: string }[];
  /** Rows that a procedure or text answers with; throwing makes it fail. */
  readonly answers: Map<string, () => readonly SqlRow[]>;
  /** What every connection is; a test may put its own answers here. */
  readonly session: { -readonly [Key in keyof SqlSession]: SqlSession[Key] };
}

/** A database that remembers what it was asked. */
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
