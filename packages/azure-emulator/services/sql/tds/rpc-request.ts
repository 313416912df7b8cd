import type { TypedValue } from "../language/system-functions";
import { ByteReader } from "./byte-reader";
import { readParameterValue } from "./parameter-value";
import { ProtocolError } from "./protocol";

/** A parameter of a remote procedure call. */
export interface RpcParameter extends TypedValue {
  /** With its `@`; empty for a positional parameter. */
  readonly name: string;
  readonly output: boolean;
}

/** A call of a procedure by name, or of a system procedure by number. */
export interface RpcRequest {
  readonly procedure: string;
  readonly parameters: readonly RpcParameter[];
}

/** System procedures that have a number (MS-TDS 2.2.6.6). */
const procedureNames: Readonly<Record<number, string>> = {
  1: "sp_cursor",
  2: "sp_cursoropen",
  3: "sp_cursorprepare",
  4: "sp_cursorexecute",
  5: "sp_cursorprepexec",
  6: "sp_cursorunprepare",
  7: "sp_cursorfetch",
  8: "sp_cursoroption",
  9: "sp_cursorclose",
  10: "sp_executesql",
  11: "sp_prepare",
  12: "sp_execute",
  13: "sp_prepexec",
  14: "sp_prepexecrpc",
  15: "sp_unprepare",
};

const byNumber = 0xffff;
/** Marks that separate several calls in one message. */
const separators: ReadonlySet<number> = new Set([0x80, 0xff, 0xfe]);

/** ALL_HEADERS of batches, calls and transaction requests: not used here. */
export function skipHeaders(reader: ByteReader): void {
  const length = reader.u32();
  if (length < 4) throw new ProtocolError("ALL_HEADERS is too short");
  reader.skip(length - 4);
}

/** @throws ProtocolError, or UnsupportedTypeError for a parameter type that the endpoint does not support */
export function parseRpc(body: Buffer): RpcRequest[] {
  const reader = new ByteReader(body);
  skipHeaders(reader);
  const requests: RpcRequest[] = [];
  while (!reader.done) requests.push(readRequest(reader));
  return requests;
}

function readRequest(reader: ByteReader): RpcRequest {
  const length = reader.u16();
  const procedure = length === byNumber ? numbered(reader.u16()) : reader.ucs2(length);
  reader.u16();
  const parameters: RpcParameter[] = [];
  while (!reader.done) {
    if (separators.has(reader.peek())) {
      reader.u8();
      break;
    }
    const name = reader.shortText();
    const output = (reader.u8() & 1) === 1;
    parameters.push({ name, output, ...readParameterValue(reader, name) });
  }
  return { procedure, parameters };
}

function numbered(id: number): string {
  return procedureNames[id] ?? `sp_procedure_${id}`;
}
