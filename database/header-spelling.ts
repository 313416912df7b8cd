/**
 * True if two headers differ only in what is a matter of spelling: case, blanks and separators. database/tsql/repeatable/bare-header.sql
 * says the same.
 */
export function isSameHeader(one: string, other: string): boolean {
  return one === other || (bare(one) !== "" && bare(one) === bare(other));
}

function bare(header: string): string {
  return header.replace(blanksAndSeparators, "").toLowerCase();
}

const blanksAndSeparators = /[\p{Cc}\u0020\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff_./()-]/gu;
