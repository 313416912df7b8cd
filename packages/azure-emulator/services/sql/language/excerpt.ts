/** The beginning of a text for a message; literals may hold data, so they are left out. */
export function excerpt(sql: string): string {
  const text = sql
    .replace(/'(?:[^']|'')*'?/g, "'…'")
    .replace(/\s+/g, " ")
    .trim();
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
