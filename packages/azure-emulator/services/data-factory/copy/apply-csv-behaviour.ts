import { pipeline, type Readable } from "node:stream";
import { parse } from "csv-parse";
import { stringify } from "csv-stringify";
import { ActivityError } from "../run/activity-error";
import type { AzureCsvBehaviour } from "./azure-csv-behaviour";

/** The stream as Azure's reader would see it. Passes through untouched where the sink's own rules are the same. */
export function applyCsvBehaviour(csv: Readable, behaviour: AzureCsvBehaviour): Readable {
  if (behaviour.quotedEmpty === "emptyString" && behaviour.lineBreakInQuotes === "kept") return csv;
  const parser = parse({
    bom: true,
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
  // NULL is printed as nothing, an empty string as "".
  const printer = stringify({ cast: { string: (cell) => ({ value: cell, quoted_empty: true }) } });
  // Errors of either end reach the reader, who rolls back.
  pipeline(csv, parser, printer, () => undefined);
  printer.on("error", () => undefined);
  return printer;
}
