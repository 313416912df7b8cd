import fc from "fast-check";
import type { Cell } from "./driver";
import type { Delivery } from "./model-reader";
import type { Declared, Settings } from "./model-settings";
import type { Snapshot } from "./warehouse";

/** What happens to a dataset in a random history. */
export type Step =
  /** With the guards, or with all of them off. */
  | { readonly kind: "load"; readonly snapshot: Snapshot; readonly allowShrink: boolean }
  /** A load during which others read. */
  | { readonly kind: "race"; readonly snapshot: Snapshot; readonly limit: number }
  /** A load that an earlier one follows. */
  | { readonly kind: "overtake"; readonly snapshot: Snapshot }
  /** A load that is read and then lost, because the database is restored to the time before it. */
  | { readonly kind: "lose"; readonly snapshot: Snapshot; readonly limit: number }
  | { readonly kind: "fail"; readonly snapshot: Snapshot }
  | { readonly kind: "settings"; readonly change: Partial<Settings> }
  /** A load, then a purge to which one of the loads, the newest or an earlier one, is old. */
  | { readonly kind: "purge"; readonly snapshot: Snapshot; readonly back: number }
  | { readonly kind: "replay" | "restore" | "retire" | "release" }
  | {
      readonly kind: "read";
      readonly reader: number;
      readonly limit: number;
      readonly delivery: Delivery;
    }
  | { readonly kind: "fork" | "rewind"; readonly reader: number; readonly to: number };

export interface History {
  readonly settings: Settings;
  readonly steps: readonly Step[];
}

const declared: fc.Arbitrary<Declared> = fc.record({
  type: fc.constantFrom("text", "text", "int", "decimal(6,2)", "float", "bit", "date", "datetime2"),
  onError: fc.constantFrom("fail", "null"),
});

const texts = ["", " ", "x", "x ", "y", "\u0001a\u0002", "1", "01", "0", "1.50", "2.005", "1e3", "true"];
const cell = fc.constantFrom<Cell>(null, null, ...texts, "2024-02-29", "2024-02-29 10:11");
/** Cells that most types take. */
const mild = fc.constantFrom<Cell>(null, "", "1", "1", "0", "0", "01");
const id = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom<Cell>("1", "2", "3", "4", "11") },
  { weight: 1, arbitrary: fc.constantFrom<Cell>("01", "1 ", "a", "A", "", null, "9".repeat(40)) },
);

const header = fc
  .tuple(
    fc.constantFrom("id", "id", "id", "ID", "Id"),
    fc.constantFrom("part", "part", "part", "Part"),
    fc.subarray(
      [
        ["a", "a", "A"],
        ["B b", "b_b", "bB"],
        ["Premium (£)", "premium £"],
        ["Premium ($)"],
        ["日本"],
        ["%%"],
        ["_version"],
      ],
      { minLength: 0 },
    ),
    fc.nat(),
    fc.boolean(),
  )
  .chain(([key, part, extra, choice, isReserved]) => {
    const names = extra
      .map((spellings) => spellings[choice % spellings.length] ?? "")
      .filter((name) => name !== "_version" || (isReserved && choice % 8 === 0))
      .filter((name) => name !== "Premium ($)" || choice % 3 === 0);
    // A header without the key, now and then.
    const all = [...(choice % 32 === 1 ? [] : [key]), ...(choice % 32 === 2 ? [] : [part]), ...names];
    return fc.shuffledSubarray(all, { minLength: Math.max(1, all.length) });
  });

function snapshots(key: readonly string[]): fc.Arbitrary<Snapshot> {
  return fc.tuple(header, fc.integer({ min: 0, max: 15 })).chain(([names, odd]) => {
    const value = odd < 11 ? mild : cell;
    const row = fc.tuple(...names.map((name) => (/^(id|part)$/i.test(name) ? id : value)));
    const places = key.map((name) => names.findIndex((text) => text.toLowerCase() === name));
    const keyOf = (cells: readonly Cell[]) => JSON.stringify(places.map((place) => cells[place]));
    const size = { minLength: odd === 0 ? 0 : 1, maxLength: odd === 0 ? 0 : 6 };
    const rows =
      key.length > 0 && odd !== 1 ? fc.uniqueArray(row, { ...size, selector: keyOf }) : fc.array(row, size);
    return rows.map((list) => ({ header: names, rows: list }));
  });
}

/** Short histories, most of whose loads are published. */
export function histories(key: readonly string[]): fc.Arbitrary<History> {
  const settings = fc.record<Settings>({
    key: fc.constant(key),
    idType: fc.constantFrom("text", "text", "int"),
    a: declared,
    b: declared,
    premium: declared,
    pounds: fc.constantFrom("plain", "named", "excluded"),
    allowEmpty: fc.boolean(),
    maxColumnChangePercent: fc.constantFrom(50, 100),
  });
  const change = fc.record(
    {
      a: declared,
      b: declared,
      premium: declared,
      pounds: fc.constantFrom<Settings["pounds"]>("plain", "named", "excluded"),
      allowEmpty: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const snapshot = snapshots(key);
  const limit = fc.constantFrom(1, 2, 3, 100, 100);
  const reader = fc.nat(3);
  const as = <const Kind extends string>(...kinds: readonly Kind[]) => fc.constantFrom(...kinds);
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: as("load"), snapshot, allowShrink: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ kind: as("race"), snapshot, limit }) },
    { weight: 1, arbitrary: fc.record({ kind: as("overtake"), snapshot }) },
    { weight: 1, arbitrary: fc.record({ kind: as("lose"), snapshot, limit }) },
    { weight: 1, arbitrary: fc.record({ kind: as("fail"), snapshot }) },
    { weight: 2, arbitrary: fc.record({ kind: as("purge"), snapshot, back: fc.constantFrom(0, 0, 1, 2) }) },
    { weight: 3, arbitrary: fc.record({ kind: as("settings"), change }) },
    { weight: 2, arbitrary: fc.record({ kind: as("replay", "restore", "retire", "release") }) },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: as("read"),
        reader,
        limit,
        delivery: fc.constantFrom<Delivery>("arrives", "arrives", "arrives", "lost", "unsaved"),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: as("fork", "rewind"), reader, to: fc.nat(9) }) },
  );
  const first = fc.record({ kind: as("load"), snapshot, allowShrink: fc.constant(true) });
  const steps = fc
    .tuple(first, fc.array(step, { minLength: 1, maxLength: 6, size: "max" }))
    .map(([load, more]) => [load, ...more]);
  return fc.record({ settings, steps });
}
