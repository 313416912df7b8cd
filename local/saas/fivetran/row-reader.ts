import type { JsonKind, JsonScanner, JsonSlice } from "./json-scanner";
import { losesPrecision } from "./number-precision";
import type { PageRow } from "./page";
import { violation } from "./protocol-rules";

/** Reads the records of one table from one section (`insert` or `delete`) of a page. */
export class RowReader {
  readonly rows: PageRow[] = [];
  readonly columns = new Map<string, Set<JsonKind>>();
  readonly #keys = new Set<string>();
  readonly #cells = new Map<string, JsonSlice>();

  constructor(
    private readonly scanner: JsonScanner,
    private readonly section: "insert" | "delete",
    private readonly table: string,
    private readonly primaryKey: readonly string[],
  ) {}

  /** Reads the array of records at the scanner's position. */
  read(): void {
    if (this.scanner.peek() !== "[") throw violation("sections", `${this.#place} is not a list`);
    this.scanner.array(() => this.#row());
  }

  #row(): void {
    const { scanner } = this;
    if (scanner.peek() !== "{")
      throw violation("sections", `${this.#place} holds something that is not a record`);
    const start = scanner.position;
    this.#cells.clear();
    scanner.object((name) => this.#cell(name));
    const key = this.#key();
    if (this.primaryKey.length > 0) {
      if (this.#keys.has(key))
        throw violation("oneOperationPerKey", `${this.#place} holds a primary key twice`);
      this.#keys.add(key);
    }
    this.rows.push({ key, text: scanner.text.slice(start, scanner.position) });
  }

  #cell(name: string): void {
    const cell = this.scanner.value();
    if (cell.kind === "number" && losesPrecision(this.scanner.slice(cell))) {
      throw violation("wholeNumbers", `${this.#place}, column ${name}`);
    }
    this.#cells.set(name, cell);
    let kinds = this.columns.get(name);
    if (kinds === undefined) {
      if (name.startsWith("_fivetran")) throw violation("systemColumns", `${this.#place}, column ${name}`);
      kinds = new Set();
      this.columns.set(name, kinds);
    }
    if (cell.kind !== "null") kinds.add(cell.kind);
  }

  #key(): string {
    if (this.primaryKey.length === 1) return this.#keyPart(this.primaryKey[0] ?? "");
    return this.primaryKey.length === 0
      ? ""
      : `[${this.primaryKey.map((name) => this.#keyPart(name)).join(",")}]`;
  }

  /** One spelling per value: an escaped letter is the letter, `1.0` is `1`. */
  #keyPart(name: string): string {
    const cell = this.#cells.get(name);
    if (cell === undefined) throw violation("consistentKey", `${this.#place} holds a record without ${name}`);
    const text = this.scanner.slice(cell);
    if (cell.kind === "number") return String(Number(text));
    return cell.kind === "string" && text.includes("\\") ? JSON.stringify(JSON.parse(text)) : text;
  }

  get #place(): string {
    return `${this.section}.${this.table}`;
  }
}
