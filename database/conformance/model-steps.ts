import fc from "fast-check";
import type { Key } from "./model-erasure";
import type { Delivery } from "./model-reader";
import type { Settings } from "./model-settings";
import { declared, keys, snapshots } from "./model-snapshots";
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
  /** Other settings. A large table keeps its types until calls of `types` have changed them. */
  | { readonly kind: "settings"; readonly change: Partial<Settings>; readonly isLarge: boolean }
  /** Single calls of the procedure that changes types beside the table, with so many rows each. */
  | { readonly kind: "types"; readonly calls: readonly number[] }
  /** Of one of the rows, or keys, that there are, or else of that key. */
  | { readonly kind: "erase" | "lift"; readonly key: Key; readonly among: number | undefined }
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
  const calls = fc.array(fc.constantFrom(1, 1, 1, 2, 3), { minLength: 1, maxLength: 7, size: "max" });
  // Without a key there is nothing to erase by.
  const keyed = key.length > 0 ? 1 : 0;
  const as = <const Kind extends string>(...kinds: readonly Kind[]) => fc.constantFrom(...kinds);
  const load = fc.record({ kind: as("load"), snapshot, allowShrink: fc.constant(true) });
  const large = fc.record({ kind: as("settings"), change, isLarge: fc.constant(true) });
  const purge = fc.record({ kind: as("purge"), snapshot, back: fc.constantFrom(0, 0, 1, 2) });
  const types = fc.record({ kind: as("types"), calls });
  const among = fc.option(fc.nat(9), { nil: undefined, freq: 4 });
  const erase = fc.record({ kind: as("erase"), key: keys(key), among });
  const lift = fc.record({ kind: as("lift"), key: keys(key), among });
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: as("load"), snapshot, allowShrink: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ kind: as("race"), snapshot, limit }) },
    { weight: 1, arbitrary: fc.record({ kind: as("overtake"), snapshot }) },
    { weight: 1, arbitrary: fc.record({ kind: as("lose"), snapshot, limit }) },
    { weight: 1, arbitrary: fc.record({ kind: as("fail"), snapshot }) },
    { weight: 2, arbitrary: purge },
    {
      weight: 4,
      arbitrary: fc.record({ kind: as("settings"), change, isLarge: fc.constantFrom(true, true, false) }),
    },
    { weight: 1, arbitrary: types },
    { weight: keyed, arbitrary: erase },
    { weight: keyed, arbitrary: lift },
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
  const one: fc.Arbitrary<readonly Step[]> = step.map((single) => [single]);
  // What takes several steps to matter: others come between the calls of a change, and rows come back that were erased.
  const meanwhile = fc.oneof(step, load, purge, keyed === 1 ? erase : step);
  const changing: fc.Arbitrary<readonly Step[]> = fc.tuple(large, types, meanwhile, meanwhile, types, step);
  const erasingMeanwhile: fc.Arbitrary<readonly Step[]> = fc.tuple(load, large, types, load, erase, types);
  const erasing = fc
    .tuple(snapshot, load, lift, load)
    .map(([before, ...after]) => comeback(before, key, after));
  const steps = fc.oneof(
    { weight: 12, arbitrary: one },
    { weight: 3, arbitrary: changing },
    { weight: 2 * keyed, arbitrary: erasing },
    { weight: 2 * keyed, arbitrary: erasingMeanwhile },
  );
  return fc.record({
    settings,
    steps: fc
      .tuple(load, fc.array(steps, { minLength: 1, maxLength: 6, size: "max" }))
      .map(([first, more]) => [first, ...more.flat()]),
  });
}

/** A load, the erasure of its first row, and a load that has nothing else. */
function comeback(snapshot: Snapshot, key: readonly string[], after: readonly Step[]): readonly Step[] {
  const { header, rows } = snapshot;
  const [row] = rows;
  const load: Step = { kind: "load", snapshot, allowShrink: true };
  if (row === undefined || !key.every((name) => header.some((text) => text.toLowerCase() === name)))
    return [load, ...after];
  const cells = header.map((text, index) => [text, row[index] ?? " "] as const);
  const erased = Object.fromEntries(cells.filter(([text]) => key.includes(text.toLowerCase())));
  const again: Step = { kind: "load", snapshot: { header, rows: [row] }, allowShrink: false };
  return [load, { kind: "erase", key: erased, among: undefined }, again, ...after];
}
