import fc from "fast-check";
import type { Cell } from "./driver";
import type { Key } from "./model-erasure";
import type { Declared } from "./model-settings";
import type { Snapshot } from "./warehouse";

export const declared: fc.Arbitrary<Declared> = fc.record({
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
/** So few that a row comes back in another snapshot. */
const part = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom<Cell>("1", "2") },
  { weight: 1, arbitrary: id },
);
/** By header, whose spelling does not count. */
const keyCells = new Map([
  ["id", id],
  ["part", part],
]);

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

/** Snapshots, few of which lack a key or have one twice. */
export function snapshots(key: readonly string[]): fc.Arbitrary<Snapshot> {
  return fc.tuple(header, fc.integer({ min: 0, max: 15 })).chain(([names, odd]) => {
    const value = odd < 11 ? mild : cell;
    const row = fc.tuple(...names.map((name) => keyCells.get(name.toLowerCase()) ?? value));
    const places = key.map((name) => names.findIndex((text) => text.toLowerCase() === name));
    const keyOf = (cells: readonly Cell[]) => JSON.stringify(places.map((place) => cells[place]));
    const size = { minLength: odd === 0 ? 0 : 1, maxLength: odd === 0 ? 0 : 6 };
    const rows =
      key.length > 0 && odd !== 1 ? fc.uniqueArray(row, { ...size, selector: keyOf }) : fc.array(row, size);
    return rows.map((list) => ({ header: names, rows: list }));
  });
}

/** Keys of such rows. */
export function keys(columns: readonly string[]): fc.Arbitrary<Key> {
  const spelled = columns.map((name) =>
    fc.tuple(
      fc.constantFrom(name, `${name.charAt(0).toUpperCase()}${name.slice(1)}`),
      (keyCells.get(name) ?? id).map((value) => value ?? " "),
    ),
  );
  return fc.tuple(...spelled).map((entries) => Object.fromEntries(entries));
}
