/** A POSIX shell's word: nothing is special between single quotes but the quote itself. */
export function quoteShell(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

/** PowerShell's verbatim string. It takes the four typographic quotes for a quote too; each is written twice. */
export function quotePowerShell(value: string): string {
  return `'${value.replaceAll(/['\u2018-\u201b]/g, "$&$&")}'`;
}

/**
 * A value of a .env file, as Node's --env-file and dotenv read it: between quotes that it does not contain, because neither knows
 * an escape. Double quotes come last: between them `\n` would become a line break.
 * @returns undefined if it contains all three quotes: such a file cannot hold it
 */
export function quoteDotenv(value: string): string | undefined {
  const quote = ["'", "`", ...(value.includes("\\n") ? [] : ['"'])].find((mark) => !value.includes(mark));
  return quote && `${quote}${value}${quote}`;
}

/** A value of JDBC's URL or ODBC's string: between braces, the closing one written twice, unless it is plain. */
export function quoteBraces(value: string): string {
  return /^[\w:,.-]+$/.test(value) ? value : `{${value.replaceAll("}", "}}")}}`;
}

/** A value of ADO.NET's string: between double quotes, which are written twice inside, unless it is plain. */
export function quoteAdoNet(value: string): string {
  return /^[\w:,.-]+( [\w:,.-]+)*$/.test(value) ? value : `"${value.replaceAll('"', '""')}"`;
}

/** `name=value;name=value` of a driver. */
export function driverParts(
  quote: (value: string) => string,
  parts: readonly (readonly [name: string, value: string])[],
): string {
  return parts.map(([name, value]) => `${name}=${quote(value)}`).join(";");
}
