import type { Cell } from "./driver";
import { exactText } from "./exact-values";
import { type KnownColumn, resolveHeader } from "./model-columns";
import { type Declared, declaredTypes, type Settings } from "./model-settings";
import type { Snapshot } from "./warehouse";

/** The cells of a row that are not NULL, by column. */
export type Cells = ReadonlyMap<string, string>;

export interface Counts {
  readonly staged: number;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

/** What the database does with a snapshot: one of the errors, or the next content. */
export type Outcome =
  | { readonly faults: readonly string[] }
  | { readonly faults?: undefined; readonly counts: Counts | undefined; readonly next: DatasetModel };

interface State {
  readonly settings: Settings;
  readonly columns: readonly KnownColumn[];
  readonly rows: ReadonlyMap<string, Cells>;
  /** Identities of deleted rows that no purge removed. */
  readonly tombstones: ReadonlySet<string>;
  readonly version: number;
  /** False if rows of a dataset without a key were converted: their identity is that of the former texts until they are sent again. */
  readonly isExact: boolean;
}

const undeclared: Declared = { type: "text", onError: "fail" };

/** A dataset in memory: what is in its table, from the snapshots and settings alone. Never changes; each step gives the next. */
export class DatasetModel implements State {
  readonly settings!: Settings;
  readonly columns: readonly KnownColumn[] = [];
  readonly rows: ReadonlyMap<string, Cells> = new Map();
  readonly tombstones: ReadonlySet<string> = new Set();
  readonly version: number = 0;
  readonly isExact: boolean = true;

  constructor(state: Partial<State> & Pick<State, "settings">) {
    Object.assign(this, state);
  }

  get isKeyed(): boolean {
    return this.settings.key.length > 0;
  }

  with(changed: Partial<State>): DatasetModel {
    return new DatasetModel({ ...this, ...changed });
  }

  /** The cells by which the feed tells rows apart; none without a key. */
  keyOf(cells: Cells): string {
    return JSON.stringify(this.settings.key.map((name) => cells.get(name)));
  }

  publish({ header, rows }: Snapshot, allowShrink: boolean): Outcome {
    const { columns, faults } = resolveHeader(header, this.settings, this.columns);
    if (faults.length > 0) return { faults };
    const names = new Set(columns.map(({ name }) => name));
    if (this.settings.key.some((name) => !names.has(name))) return { faults: ["QT4014"] };
    if (!allowShrink && this.#changesTooManyColumns(names)) return { faults: ["QT4019"] };
    if (rows.length === 0 && !this.settings.allowEmpty && !allowShrink) return { faults: ["QT4010"] };

    const types = declaredTypes(this.settings);
    const next = new Map<string, Cells>();
    const wrong = new Set<string>();
    for (const row of rows) {
      const cells = new Map<string, string>();
      for (const { index, name } of columns) {
        const value = converted(types.get(name) ?? undeclared, row[index] ?? null);
        if (value === undefined) wrong.add("QT4015");
        else if (value !== null) cells.set(name, value);
      }
      if (this.settings.key.some((name) => !cells.has(name))) wrong.add("QT4013");
      const identity = this.isKeyed ? this.keyOf(cells) : numberedText(cells, next);
      if (next.has(identity)) wrong.add("QT4012");
      next.set(identity, cells);
    }
    if (wrong.size > 0) return { faults: [...wrong] };

    const gone = [...this.rows.keys()].filter((identity) => !next.has(identity));
    const kept = this.isKeyed ? this.rows.size - gone.length : Math.min(rows.length, this.rows.size);
    const isGuarded = !allowShrink && !(rows.length === 0 && this.settings.allowEmpty);
    if (isGuarded && (this.rows.size - kept) * 2 > this.rows.size) return { faults: ["QT4011"] };

    const counts = {
      staged: rows.length,
      inserted: [...next.keys()].filter((identity) => !this.rows.has(identity)).length,
      updated: [...next].filter(([identity, cells]) => differs(this.rows.get(identity), cells)).length,
      deleted: gone.length,
    };
    return {
      counts: this.isExact ? counts : undefined,
      next: this.with({
        columns: this.#landed(columns),
        rows: next,
        tombstones: new Set([...this.tombstones, ...gone].filter((identity) => !next.has(identity))),
      }),
    };
  }

  /** Other settings: one of the errors, or the content that they give the landed rows. */
  configure(settings: Settings): Outcome {
    const from = declaredTypes(this.settings);
    const to = declaredTypes(settings);
    let refused = false;
    let isExact = this.isExact;
    const rows = new Map<string, Cells>();
    for (const [identity, cells] of this.rows) {
      const next = new Map<string, string>();
      for (const [name, text] of cells) {
        const type = to.get(name) ?? undeclared;
        const isSame = (from.get(name) ?? undeclared).type === type.type;
        const value = isSame ? text : converted(type, text);
        refused ||= value === undefined;
        if (typeof value === "string") next.set(name, value);
      }
      isExact &&= this.isKeyed || !differs(cells, next);
      rows.set(identity, next);
    }
    if (refused) return { faults: ["QT4024"] };
    return { counts: undefined, next: this.with({ settings, rows, isExact }) };
  }

  #changesTooManyColumns(names: ReadonlySet<string>): boolean {
    const newest = Math.max(...this.columns.map(({ version }) => version));
    const last = this.columns.filter(({ version }) => version === newest);
    const gone = last.filter(({ name }) => !names.has(name)).length;
    const added = [...names].filter((name) => this.columns.every((column) => column.name !== name)).length;
    const most = this.settings.maxColumnChangePercent;
    return last.length > 0 && (gone * 100 > most * last.length || added * 100 > most * names.size);
  }

  /** The known columns after a publish, whose version is only compared with that of others. */
  #landed(columns: readonly { readonly header: string; readonly name: string }[]): KnownColumn[] {
    const version = Math.max(0, ...this.columns.map((column) => column.version)) + 1;
    const now = new Map(columns.map(({ header, name }) => [name, { name, header, version }]));
    const old = this.columns.map((column) => now.get(column.name) ?? column);
    const known = new Set(old.map(({ name }) => name));
    return [...old, ...[...now.values()].filter(({ name }) => !known.has(name))];
  }
}

/** The text of a cell under its declared type; undefined if the load fails of it. */
function converted({ type, onError }: Declared, text: Cell): Cell | undefined {
  if (text === null || type === "text") return text;
  const value = exactText(type, text);
  return value === undefined && onError === "null" ? null : value;
}

/** The text of a row, told from equal ones by a number. */
function numberedText(cells: Cells, among: ReadonlyMap<string, unknown>): string {
  for (let number = 1; ; number++) {
    const text = `${number} ${contentOf(cells)}`;
    if (!among.has(text)) return text;
  }
}

/** A row as text, in which the columns' order does not count. */
export function contentOf(cells: Cells): string {
  return JSON.stringify([...cells].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function differs(one: Cells | undefined, other: Cells): boolean {
  return one !== undefined && contentOf(one) !== contentOf(other);
}
