import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { bordereau } from "../../local/sample-data/columns";
import { snapshot } from "../../local/sample-data/snapshot";

/** The columns of the sample bordereau that the benchmarks load: twelve, of every kind, including the key. */
export const benchColumns = [
  "Policy Reference",
  "UMR",
  "Line Number",
  "Insured Name",
  "Class of Business",
  "Inception Date",
  "Expiry Date",
  "Gross Premium",
  "Commission",
  "Currency",
  "Broker",
  "Notes",
] as const;

const quoted = (cell: string | null): string => {
  if (cell === null) return "";
  return cell === "" || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
};

/** Writes a twelve-column snapshot. Returns its size in bytes and its number of rows. */
export async function writeBenchCsv(
  file: string,
  rows: number,
  generation: number,
): Promise<{ bytes: number; rows: number; changed: number; added: number; deleted: number }> {
  const sample = snapshot(bordereau, { seed: 7, rows, generation });
  const places = benchColumns.map((name) => bordereau.columns.findIndex(({ header }) => header === name));
  const out = createWriteStream(file);
  let bytes = 0;
  let text = `${benchColumns.join(",")}\n`;
  const flush = async () => {
    bytes += Buffer.byteLength(text);
    if (!out.write(text)) await once(out, "drain");
    text = "";
  };
  for (const row of sample.rows()) {
    text += `${places.map((place) => quoted(row[place] ?? null)).join(",")}\n`;
    if (text.length > 1 << 18) await flush();
  }
  await flush();
  out.end();
  await once(out, "close");
  return { bytes, ...sample.manifest };
}
