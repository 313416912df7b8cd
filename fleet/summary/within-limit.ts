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
 * A document that is no longer than `limit` characters: from the last part to the first they are shortened, then, should
 * that not be enough, left out. No part is ever cut in the middle.
 * @param rest Says how many changes are only in short, and how many are left out.
 */
export function withinLimit(
  head: string,
  parts: readonly Part[],
  rest: (brief: number, none: number) => string,
  limit: number,
): string {
  const sizes: Size[] = parts.map(() => "full");
  const document = (): string => {
    let heading = "";
    const blocks = parts.flatMap((part, index) => {
      const size = sizes[index] ?? "none";
      if (size === "none") return [];
      const titled = part.heading === heading ? [] : [part.heading];
      heading = part.heading;
      return [...titled, part[size]];
    });
    const number = (size: Size) =>
      parts.reduce((sum, { changes }, index) => sum + (sizes[index] === size ? changes : 0), 0);
    const left = number("brief") + number("none") > 0 ? [rest(number("brief"), number("none"))] : [];
    return `${[head, ...blocks, ...left].join("\n\n")}\n`;
  };
  for (const [larger, smaller] of [
    ["full", "brief"],
    ["brief", "none"],
  ] as const) {
    const shrink = (kept: number): string => {
      parts.forEach((_part, index) => {
        if (sizes[index] === larger || sizes[index] === smaller)
          sizes[index] = index < kept ? larger : smaller;
      });
      return document();
    };
    const kept = most(parts.length, (number) => shrink(number).length <= limit);
    if (kept !== undefined) return shrink(kept);
    shrink(0);
  }
  return "";
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
