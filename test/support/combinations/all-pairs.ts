/** The levels that a factor can have, the usual one first. */
export type Factors = Readonly<Record<string, readonly string[]>>;
/** A level for each factor. */
export type Row = Readonly<Record<string, string>>;

export interface Pairs {
  /** Together they hold every pair of levels that can be. */
  readonly rows: readonly Row[];
  readonly covered: number;
  /** Pairs of levels that no row can have, such as `region=x, sql=y`, with the reason. */
  readonly refused: ReadonlyMap<string, string>;
}

type Levels = readonly (readonly [factor: string, level: string])[];

/**
 * Rows in which each pair of levels of two factors appears, as far as the rule takes it: greedy, and alike for the same factors. A
 * level may need one other level that is not the usual one, as a pool needs its server.
 * @param refusal Why a row cannot be; undefined if it can. It must take the row of the usual levels.
 */
export function allPairs(factors: Factors, refusal: (row: Row) => string | undefined): Pairs {
  const levels = Object.entries(factors).flatMap(([factor, all]) =>
    all.map((level) => [factor, level] as const),
  );
  const usual: Row = Object.fromEntries(
    Object.entries(factors).map(([factor, [first = ""]]) => [factor, first]),
  );
  /** The row with these levels; undefined if none is found with one other level changed. */
  const rowWith = (wanted: Levels, base = usual): Row | undefined => {
    const own = new Set(wanted.map(([factor]) => factor));
    const others = levels.filter(([factor]) => !own.has(factor));
    return [[], ...others.map((other) => [other])]
      .map((other: Levels) => ({ ...base, ...Object.fromEntries([...other, ...wanted]) }))
      .find((row) => refusal(row) === undefined);
  };
  const rowOf = new Map(levels.map((level) => [nameOf([level]), rowWith([level])]));
  const rows: Row[] = [];
  const done = new Set<string>();
  const refused = new Map<string, string>();
  for (const pair of pairsOf(levels)) {
    if (done.has(nameOf(pair))) continue;
    const [one, other] = pair.map((level) => rowOf.get(nameOf([level])));
    // What each needs is joined; what one of them cannot have, no pair of it has.
    const joined = { ...usual, ...changed(one, usual), ...changed(other, usual) };
    const found = one && other && rowWith(pair, joined);
    if (found === undefined) {
      refused.set(nameOf(pair), refusal({ ...joined, ...Object.fromEntries(pair) }) ?? "");
      continue;
    }
    let row: Row = found;
    const news = (candidate: Row) =>
      pairsOf(Object.entries(candidate)).filter((each) => !done.has(nameOf(each))).length;
    for (const [factor, all] of Object.entries(factors))
      if (pair.every(([fixed]) => fixed !== factor)) row = bettered(row, factor, all, news, refusal);
    rows.push(row);
    for (const each of pairsOf(Object.entries(row))) done.add(nameOf(each));
  }
  return { rows, covered: done.size, refused };
}

/** The row with the level of a factor that adds the most; as it is if none adds anything. */
function bettered(
  row: Row,
  factor: string,
  levels: readonly string[],
  gainOf: (row: Row) => number,
  refusal: (row: Row) => string | undefined,
): Row {
  const gain = gainOf(row);
  const better = levels
    .map((level) => ({ ...row, [factor]: level }))
    .map((candidate) => ({ candidate, gain: gainOf(candidate) }))
    .filter((one) => one.gain > gain)
    .sort((a, b) => b.gain - a.gain);
  return better.find(({ candidate }) => refusal(candidate) === undefined)?.candidate ?? row;
}

function pairsOf(levels: Levels): Levels[] {
  return levels.flatMap((one, index) =>
    levels.slice(index + 1).flatMap((other) => (one[0] === other[0] ? [] : [[one, other]])),
  );
}

const nameOf = (levels: Levels) => levels.map(([factor, level]) => `${factor}=${level}`).join(", ");

function changed(row: Row | undefined, usual: Row): Row {
  return Object.fromEntries(Object.entries(row ?? {}).filter(([factor, level]) => usual[factor] !== level));
}
