import { pipeline, type Readable } from "node:stream";
import { parse } from "csv-parse";
import { stringify } from "csv-stringify";
import { ActivityError } from "../run/activity-error";
import type { AzureCsvBehaviour } from "./azure-csv-behaviour";

/** The stream as Azure's reader would see it. The stream stays untouched if the sink already behaves this way. */
export function applyCsvBehaviour(csv: Readable, behaviour: AzureCsvBehaviour): Readable {
  if (behaviour.quotedEmpty === "emptyString" && behaviour.lineBreakInQuotes === "kept") return csv;
  const parser = parse({
    bom: true,
    relax_column_count: true,
    cast: (cell, { quoting, lines }) => {
      if (behaviour.lineBreakInQuotes === "fail" && /[\r\n]/.test(cell)) {
        throw new ActivityError(
          "2200",
          `Failure happened on 'Source' side. A quoted cell near line ${lines} has a line break.`,
        );
      }
      return cell === "" && !(quoting && behaviour.quotedEmpty === "emptyString") ? null : cell;
    },
  });
  // NULL becomes an empty cell, an empty string becomes "".
  const printer = stringify({ cast: { string: (cell) => ({ value: cell, quoted_empty: true }) } });
  // An error at either end reaches the reader, which rolls back.
  pipeline(csv, parser, printer, () => undefined);
  printer.on("error", () => undefined);
  return printer;
}
