/** A value between commas. A value with a comma is in double quotes, in which double quotes are doubled. */
const value = '"(?:[^"]|"")*"|[^",\\s][^,]*';

/**
 * Splits `Policy, "Loss, gross"` into its items.
 * @returns undefined if quotes are not closed, or text follows them.
 */
export function splitList(text: string): string[] | undefined {
  const items = matches(text, `\\s*(${value}|)`);
  return items?.map(([, item = ""]) => unquoted(item)).filter(Boolean);
}

/**
 * Splits `id=d-1,key="Loss, gross"` into names and values.
 * @returns undefined if it does not have this form.
 */
export function splitFields(text: string): { readonly name: string; readonly value: string }[] | undefined {
  const fields = matches(text, `\\s*(\\w+)=(${value})`);
  return fields?.map(([, name = "", field = ""]) => ({ name, value: unquoted(field) }));
}

function matches(text: string, item: string): RegExpExecArray[] | undefined {
  const pattern = new RegExp(`${item}\\s*(?:,|$)`, "y");
  const found: RegExpExecArray[] = [];
  while (pattern.lastIndex < text.length) {
    const next = pattern.exec(text);
    if (next === null) return undefined;
    found.push(next);
  }
  return found;
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.trim();
}
