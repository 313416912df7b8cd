import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";

type Row = Readonly<Record<string, unknown>>;
/** An operation, as our emulation of the SDK reports it. 64-bit integers are text. */
export type Operation =
  | { readonly op: "upsert" | "update" | "delete"; readonly table: string; readonly row: Row }
  | { readonly op: "truncate"; readonly table: string };

/** An entry of the connector's `schema()`. */
export interface DeclaredTable {
  readonly table: string;
  readonly primary_key: readonly string[];
  readonly columns: Readonly<Record<string, unknown>>;
}

type Line =
  | Operation
  | { readonly op: "checkpoint"; readonly state: Row }
  | { readonly op: "schema"; readonly tables: readonly DeclaredTable[] }
  | { readonly op: "log"; readonly message: string }
  | { readonly op: "sleep"; readonly seconds: number }
  | { readonly op: "error"; readonly type: string; readonly message: string };

/** The operations between two checkpoints, and the state of the checkpoint that ends them. */
export interface Checkpointed {
  readonly operations: readonly Operation[];
  readonly state: Row;
}

/** The outcome of a run of the connector. */
export interface ConnectorRun {
  readonly schema: readonly DeclaredTable[];
  readonly pages: readonly Checkpointed[];
  /** Operations not followed by a checkpoint: Fivetran may have written them. */
  readonly unfinished: readonly Operation[];
  readonly log: readonly string[];
  /** Each pause that it asked for, in seconds. */
  readonly pauses: readonly number[];
  readonly error: { readonly type: string; readonly message: string } | undefined;
  /** All output, standard error included. */
  readonly output: string;
}

const CONNECTOR = join(__dirname, "..", "..", "..", "..", "connector-sdk");

/** Why the connector cannot run here; undefined if it can. */
export async function missingPython(): Promise<string | undefined> {
  const check = "import sys; sys.exit(sys.version_info < (3, 9))";
  const found = await promisify(execFile)("python3", ["-c", check]).catch(() => undefined);
  return found === undefined ? "python3, 3.9 or newer, is not here" : undefined;
}

export interface RunOptions {
  /** Kills the process instead of the operation after this many; checkpoints count. */
  readonly dieAfter?: number;
  /** PEM file of the authority that must have issued the function's certificate. */
  readonly caFile?: string;
}

/** One sync by the shipped connector from a state, in its own Python process. */
export async function runConnector(
  configuration: Row,
  state: Row,
  { dieAfter = -1, caFile }: RunOptions = {},
): Promise<ConnectorRun> {
  const child = spawn("python3", [join(__dirname, "run.py")], {
    env: {
      ...process.env,
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONIOENCODING: "utf-8",
      ...(caFile === undefined ? {} : { SSL_CERT_FILE: caFile }),
    },
  });
  child.stdin.end(JSON.stringify({ folder: CONNECTOR, configuration, state, dieAfter }));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  const lines = output.split("\n").filter((line) => line !== "");
  return summarise(
    lines.map((line) => JSON.parse(line) as Line),
    output + errors,
  );
}

function summarise(lines: readonly Line[], output: string): ConnectorRun {
  const pages: Checkpointed[] = [];
  let unfinished: Operation[] = [];
  for (const line of lines) {
    if (line.op === "checkpoint") {
      pages.push({ operations: unfinished, state: line.state });
      unfinished = [];
    } else if (isOperation(line)) unfinished.push(line);
  }
  const error = lines.find((line) => line.op === "error");
  return {
    schema: lines.find((line) => line.op === "schema")?.tables ?? [],
    pages,
    unfinished,
    log: lines.flatMap((line) => (line.op === "log" ? [line.message] : [])),
    pauses: lines.flatMap((line) => (line.op === "sleep" ? [line.seconds] : [])),
    error: error === undefined ? undefined : { type: error.type, message: error.message },
    output,
  };
}

function isOperation(line: Line): line is Operation {
  return ["upsert", "update", "delete", "truncate"].includes(line.op);
}
