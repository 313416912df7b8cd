import { visibleText } from "./words";

/** A code span, in which nothing is a mention, a link or HTML. */
export function code(text: string): string {
  const plain = visibleText(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  if (plain === "") return "(empty)";
  const fence = "`".repeat(longestRun(plain) + 1);
  const pad = /^[` ]|[` ]$/.test(plain) ? " " : "";
  return `${fence}${pad}${plain}${pad}${fence}`;
}

/** A code span in a table, in which a bar would end the cell. */
export function cellCode(text: string): string {
  return code(text).replaceAll("|", "\\|");
}

/** A fenced block that its content cannot close. */
export function fenced(text: string, language: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${visibleText(text)}\n${fence}`;
}

/** Plain text: no markup, no HTML, no mention. */
export function plain(text: string): string {
  return visibleText(text)
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>#|~&]/g, (char) => `\\${char}`)
    .replaceAll("@", "@\u200b");
}

/** Text inside an HTML element, in which Markdown is not read. */
export function html(text: string): string {
  const names: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return visibleText(text)
    .replace(/\s+/g, " ")
    .replace(/[&<>"]/g, (char) => names[char] ?? char)
    .replaceAll("@", "@\u200b");
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
