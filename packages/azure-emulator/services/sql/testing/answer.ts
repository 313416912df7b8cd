import StreamParser from "tedious/lib/token/stream-parser";
import { packetType } from "../tds/protocol";
import { batch, type RawClient } from "./raw-client";

/** What a test looks at in an answer. */
export interface Answer {
  readonly errors: readonly { readonly number: number; readonly class: number; readonly message: string }[];
  readonly rows: readonly (readonly unknown[])[];
  /** Types and sizes of the last recordset's columns, as tedious names them. */
  readonly types: readonly string[];
  /** Row counts of the DONE tokens that have one. */
  readonly counts: readonly number[];
  /** Names of the changes of the environment, such as `BEGIN_TXN`. */
  readonly changes: readonly string[];
}

interface AnyToken {
  readonly name: string;
  readonly type?: string;
  readonly number?: number;
  readonly class?: number;
  readonly message?: string;
  readonly rowCount?: number;
  readonly columns?: readonly { readonly value?: unknown; readonly type?: { readonly name: string } }[];
}

/** Reads an answer with tedious' own parser. */
export async function readAnswer(body: Buffer): Promise<Answer> {
  const answer = {
    errors: [] as { number: number; class: number; message: string }[],
    rows: [] as unknown[][],
    types: [] as string[],
    counts: [] as number[],
    changes: [] as string[],
  };
  const options = { tdsVersion: "7_4", useUTC: true, useColumnNames: false } as never;
  for await (const one of StreamParser.parseTokens([body], options)) {
    const token = one as unknown as AnyToken;
    const { number = 0, class: severity = 0, message = "", columns = [] } = token;
    if (token.name === "ERROR") answer.errors.push({ number, class: severity, message });
    if (token.name === "ROW") answer.rows.push(columns.map(({ value }) => value));
    if (token.name === "COLMETADATA") answer.types = columns.map(({ type }) => type?.name ?? "");
    if (token.name === "ENVCHANGE") answer.changes.push(token.type ?? "");
    if (token.rowCount !== undefined) answer.counts.push(token.rowCount);
  }
  return answer;
}

/** Sends a batch and reads its answer. */
export async function ask(client: RawClient, text: string, status = 0): Promise<Answer> {
  client.send(packetType.batch, batch(text), status);
  return readAnswer((await client.message()).body);
}
