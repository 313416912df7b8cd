import type { Cell } from "./driver";
import { exactText } from "./exact-values";
import { type KnownColumn, resolveHeader, type SnapshotColumn } from "./model-columns";
import { type Declared, declaredTypes, type Settings, undeclared } from "./model-settings";
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
  /** Identities that were erased, and not lifted since. */
  readonly erased: ReadonlySet<string>;
  readonly version: number;
  /** False if rows of a dataset without a key were converted: their identity is that of the former texts until they are sent again. */
  readonly isExact: boolean;
}

/** A dataset in memory: what is in its table, from the snapshots and settings alone. Never changes; each step gives the next. */
export class DatasetModel implements State {
  readonly settings!: Settings;
  readonly columns: readonly KnownColumn[] = [];
  readonly rows: ReadonlyMap<string, Cells> = new Map();
  readonly tombstones: ReadonlySet<string> = new Set();
  readonly erased: ReadonlySet<string> = new Set();
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

    const next = new Map<string, Cells>();
    const wrong = new Set<string>();
    for (const row of rows) {
      const { cells, isWrong } = this.#landing(columns, row);
      const hasKey = this.settings.key.every((name) => cells.has(name));
      // Nothing of an erased row counts, not even a cell that does not convert.
      if (this.isKeyed && hasKey && this.erased.has(this.keyOf(cells))) continue;
      if (isWrong) wrong.add("QT4015");
      if (!hasKey) wrong.add("QT4013");
      const identity = this.isKeyed ? this.keyOf(cells) : numberedText(cells, next);
      if (next.has(identity)) wrong.add("QT4012");
      next.set(identity, cells);
    }
    if (wrong.size > 0) return { faults: [...wrong] };

    const gone = [...this.rows.keys()].filter((identity) => !next.has(identity));
    const kept = this.isKeyed ? this.rows.size - gone.length : Math.min(next.size, this.rows.size);
    const isGuarded = !allowShrink && !(next.size === 0 && this.settings.allowEmpty);
    if (isGuarded && (this.rows.size - kept) * 2 > this.rows.size) return { faults: ["QT4011"] };

    const counts = {
      staged: next.size,
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

  /**
   * Other settings: one of the errors, or the content that they give the landed rows.
   * @param isLarge True if changes of type wait for {@link changeTypes}; a table without rows is never large.
   */
  configure(settings: Settings, isLarge: boolean): Outcome {
    const next = this.with({ settings });
    if (!isLarge || this.rows.size === 0) return next.changeTypes();
    const waiting = new Set(next.waiting.map(({ name }) => name));
    const columns = this.columns.map((column) =>
      waiting.has(column.name) ? column : { ...column, landed: next.#declared(column.name) },
    );
    return { counts: undefined, next: next.with({ columns }) };
  }

  /** Makes the changes of type that wait: one of the errors, or the rows as the wanted types have them. */
  changeTypes(): Outcome {
    let isExact = this.isExact;
    const rows = new Map<string, Cells>();
    for (const [identity, cells] of this.rows) {
      const next = this.asWanted(cells);
      if (next === undefined) return { faults: ["QT4024"] };
      isExact &&= this.isKeyed || !differs(cells, next);
      rows.set(identity, next);
    }
    const columns = this.columns.map((column) => ({ ...column, landed: this.#declared(column.name) }));
    return { counts: undefined, next: this.with({ columns, rows, isExact }) };
  }

  /** The columns whose wanted type is not the one in force. */
  get waiting(): { readonly name: string; readonly from: string; readonly to: Declared }[] {
    return this.columns
      .map(({ name, landed }) => ({ name, from: landed.type, to: this.#declared(name) }))
      .filter(({ from, to }) => from !== to.type);
  }

  /** A landed row under the wanted types; undefined if one does not take its value. */
  asWanted(cells: Cells): Cells | undefined {
    const next = new Map(cells);
    for (const { name, to } of this.waiting) {
      const value = converted(to, cells.get(name) ?? null);
      if (value === undefined) return undefined;
      if (value === null) next.delete(name);
      else next.set(name, value);
    }
    return next;
  }

  /** The identity of the row with this key; undefined if a part of it is blank or not of its type. */
  identityOf(key: ReadonlyMap<string, string>): string | undefined {
    const cells = new Map<string, string>();
    for (const [name, text] of key) {
      const value = converted(this.#declared(name), text);
      if (typeof value === "string") cells.set(name, value);
    }
    return cells.size === key.size ? this.keyOf(cells) : undefined;
  }

  erase(identity: string): DatasetModel {
    const rows = new Map(this.rows);
    const tombstones = new Set(this.tombstones);
    if (rows.delete(identity)) tombstones.add(identity);
    return this.with({ rows, tombstones, erased: new Set([...this.erased, identity]) });
  }

  #declared(name: string): Declared {
    return declaredTypes(this.settings).get(name) ?? undeclared;
  }

  /** A row of a snapshot under the types in force. */
  #landing(columns: readonly SnapshotColumn[], row: readonly Cell[]): { cells: Cells; isWrong: boolean } {
    const cells = new Map<string, string>();
    let isWrong = false;
    for (const { index, name } of columns) {
      const known = this.columns.find((column) => column.name === name);
      const value = converted(known?.landed ?? this.#declared(name), row[index] ?? null);
      isWrong ||= value === undefined;
      if (typeof value === "string") cells.set(name, value);
    }
    return { cells, isWrong };
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
    const known = new Set(this.columns.map(({ name }) => name));
    const old = this.columns.map((column) => {
      const now = columns.find(({ name }) => name === column.name);
      return now === undefined ? column : { ...column, header: now.header, version };
    });
    const added = columns.filter(({ name }) => !known.has(name));
    return [
      ...old,
      ...added.map(({ header, name }) => ({ name, header, version, landed: this.#declared(name) })),
    ];
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
