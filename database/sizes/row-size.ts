/**
 * The limits of a row in SQL Server, and the sizes of ours. Sources: "Maximum capacity specifications for SQL Server", "Estimate the
 * size of a table" and "Pages and extents architecture" of Microsoft's documentation.
 */
export const limits = {
  /** Bytes of a row in its page: a larger one is Msg 511, one whose fixed columns are larger Msg 1701. */
  rowBytes: 8060,
  columnsOfTable: 1024,
  /** Columns that a dataset may have: six are ours, and a change of type needs room for one more. QT4018 enforces it. */
  columnsOfDataset: 1017,
  /** Bytes of the key of a nonclustered index. */
  indexKeyBytes: 1700,
  /** Identifiers and constants in one expression: more is Msg 8632. */
  namesOfExpression: 65_535,
  columnsOfSelect: 4096,
  nameCharacters: 128,
} as const;

/** The bytes that a larger value leaves in the row: the root of its pages. */
const offRowBytes = 24;

/** Bytes of a declared type; undefined for one of variable length. Bits share bytes: see {@link rowBytes}. */
export function fixedBytes(type: string): number | undefined {
  const [, name = "", size] = /^(\w+)(?:\((\d+))?/.exec(type) ?? [];
  const digits = size === undefined ? undefined : Number(size);
  if (name === "bit") return 1 / 8;
  if (name === "date") return 3;
  if (name === "int") return 4;
  if (name === "bigint" || name === "float") return 8;
  if (name === "datetime2") return (digits ?? 7) < 3 ? 6 : (digits ?? 7) < 5 ? 7 : 8;
  if (name === "binary") return digits;
  if (name === "decimal") {
    const precision = digits ?? 18;
    return precision < 10 ? 5 : precision < 20 ? 9 : precision < 29 ? 13 : 17;
  }
  return undefined;
}

/**
 * Bytes of a row.
 * @param types The types of all columns, such as `bigint` or `nvarchar(max)`.
 * @param characters The characters in each column of variable length; 0 for trailing NULLs.
 */
export function rowBytes(types: readonly string[], characters: number): number {
  const fixed = types.map(fixedBytes);
  const sum = fixed.reduce<number>((total, bytes) => total + (bytes ?? 0), 0);
  const variable = fixed.filter((bytes) => bytes === undefined).length;
  const nulls = 2 + Math.ceil(types.length / 8);
  const offsets =
    variable > 0 && characters > 0 ? 2 + variable * (2 + Math.min(2 * characters, offRowBytes)) : 0;
  return 4 + Math.ceil(sum) + nulls + offsets;
}

/** How many more columns of a type fit next to the given ones, each filled with that many characters, up to `most`. */
export function columnsThatFit(
  own: readonly string[],
  type: string,
  characters: number,
  most: number,
): number {
  const fits = (count: number) =>
    rowBytes([...own, ...new Array<string>(count).fill(type)], characters) <= limits.rowBytes;
  let [least, over] = [0, most + 1];
  while (over - least > 1) {
    const middle = Math.floor((least + over) / 2);
    if (fits(middle)) least = middle;
    else over = middle;
  }
  return least;
}
