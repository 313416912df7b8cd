/** A part of a document that is shown as a whole, in short, or not at all. */
export interface Part {
  /** Shown once, before the first part that has it. */
  readonly heading: string;
  readonly full: string;
  readonly brief: string;
  /** How many changes it tells. */
  readonly changes: number;
}

type Size = "full" | "brief" | "none";

/**
 * A document that is no longer than `limit` characters: as few parts as possible are shortened, the largest first; should that
 * not be enough, all are, and from the last to the first they are left out. No part is ever cut in the middle.
 * @param rest Says how many changes are only in short, and how many are left out.
 * @returns undefined where the head alone is too long.
 */
export function withinLimit(
  head: string,
  parts: readonly Part[],
  rest: (brief: number, none: number) => string,
  limit: number,
): string | undefined {
  const saved = ({ full, brief }: Part) => full.length - brief.length;
  const shortened = parts
    .map((part, index) => ({ index, saves: saved(part) }))
    .filter(({ saves }) => saves > 0)
    .sort((a, b) => b.saves - a.saves || b.index - a.index)
    .map(({ index }) => index);
  // `kept` of those that can be shortened are shown in full, `shown` of all are shown.
  const document = (kept: number, shown: number): string => {
    const brief = new Set(shortened.slice(0, shortened.length - kept));
    const size = (index: number): Size => (index >= shown ? "none" : brief.has(index) ? "brief" : "full");
    const number = (of: Size) =>
      parts.reduce((sum, { changes }, index) => sum + (size(index) === of ? changes : 0), 0);
    let heading = "";
    const blocks = parts.flatMap((part, index) => {
      const how = size(index);
      if (how === "none") return [];
      const titled = part.heading === heading ? [] : [part.heading];
      heading = part.heading;
      return [...titled, part[how]];
    });
    const left = number("brief") + number("none") > 0 ? [rest(number("brief"), number("none"))] : [];
    return `${[head, ...blocks, ...left].join("\n\n")}\n`;
  };
  const fits = (kept: number, shown: number) => document(kept, shown).length <= limit;
  const kept = most(shortened.length, (number) => fits(number, parts.length));
  if (kept !== undefined) return document(kept, parts.length);
  const shown = most(parts.length, (number) => fits(0, number));
  return shown === undefined ? undefined : document(0, shown);
}

/** The largest number up to `highest` that is small enough; undefined where not even 0 is. */
function most(highest: number, isFine: (number: number) => boolean): number | undefined {
  if (isFine(highest)) return highest;
  if (!isFine(0)) return undefined;
  let [fine, tooMuch] = [0, highest];
  while (tooMuch - fine > 1) {
    const middle = Math.floor((fine + tooMuch) / 2);
    if (isFine(middle)) fine = middle;
    else tooMuch = middle;
  }
  return fine;
}
