/** A part of a document that is shown in full, in short, or not at all. */
export interface Part {
  /** Shown once, before the first part that has it. */
  readonly heading: string;
  readonly full: string;
  readonly brief: string;
  /** How many changes it shows. */
  readonly changes: number;
}

type Size = "full" | "brief" | "none";

/**
 * A document of at most `limit` characters. As few parts as possible are shortened, the largest first. If that is not enough, all
 * parts are shortened, and parts are left out from the end. No part is cut in the middle.
 * @param rest The text about how many changes are shortened and how many are left out.
 * @returns undefined if the head alone is too long.
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
  // `kept` of the parts that can be shortened are shown in full; `shown` of all parts are shown.
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

/** The largest number up to `highest` that is small enough; undefined if not even 0 is. */
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
