import pg from "pg";
import { EmulatorError } from "../../../errors/emulator-error";
import type { CsvHeader } from "./csv-header";

/**
 * PostgreSQL's error about a CSV, as Data Factory's error with the line of the file. PostgreSQL's own message
 * quotes the line; it is left out, because a message must not contain cell values.
 */
export function copyError(error: unknown, header: CsvHeader): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  const line = Number(/line (\d+)/.exec(error.where ?? "")?.[1] ?? 0) + header.lines;
  const columns = header.columns.length;
  const { message } = error;
  if (/^extra data after last expected column/.test(message))
    return new EmulatorError("QT6112", { line, columns });
  if (/^missing data for column/.test(message)) return new EmulatorError("QT6113", { line, columns });
  if (error.code === "22021") return new EmulatorError("QT6115", { line, reason: "it is not UTF-8" });
  // PostgreSQL's own limit: a row of 8,160 bytes, of which a text of 24 bytes or less takes all.
  if (error.code === "54000") return new EmulatorError("QT6123", { line, reason: message });
  // Other classes of the format (22P04) say nothing about values.
  if (error.code === "22P04") return new EmulatorError("QT6115", { line, reason: message });
  return error;
}
