// Makes untrusted Markdown safe as part of a post: it shows its text, and cannot affect the text around it.

/** Invisible, and enough to stop GitHub from recognising HTML, a mention or an image. */
const breaker = "\u200b";

/** Blocks still open at the end of a line: a code block with its fence, and `<details>`. */
interface Open {
  readonly fence: string;
  readonly details: number;
}

/**
 * The text in at most `limit` characters. If it is longer, it is cut at the end of a line, with `note` below. Code blocks and the
 * `<details>` that commands/fleet/summary/markdown.ts writes stay, and are closed if the text leaves them open. All other HTML (comments
 * too), images and mentions become plain text; control characters and those that reverse or hide text are removed.
 */
export function contained(text: string, limit: number, note: string): string {
  const lines = text
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{C}\t\n]|[\u2028\u2029]/gu, "")
    .trimEnd()
    .split("\n");
  const { length, whole } = taken(lines, limit);
  if (length === lines.length) return whole;
  const cut = taken(lines, limit - note.length - 2).whole;
  return cut === "" ? note : `${cut}\n\n${note}`;
}

/** As many lines as fit, together with the text that closes their blocks. */
function taken(lines: readonly string[], limit: number): { length: number; whole: string } {
  let open: Open = { fence: "", details: 0 };
  let body = "";
  let whole = "";
  for (const [index, line] of lines.entries()) {
    const next = read(line, open);
    body += `${index === 0 ? "" : "\n"}${next.shown}`;
    open = next.open;
    const closed = `${body}${closing(open)}`;
    // Only complete endings count: the text up to here and the closing of its blocks.
    if (closed.length > limit) return { length: index, whole };
    whole = closed;
  }
  return { length: lines.length, whole };
}

function closing({ fence, details }: Open): string {
  return `${fence === "" ? "" : `\n${fence}`}${"\n\n</details>".repeat(details)}`;
}

/** A line in its safe form, and the blocks open after it. */
function read(line: string, open: Open): { shown: string; open: Open } {
  const { fence, details } = open;
  if (fence !== "") {
    const [, run = ""] = /^ {0,3}(`+)[ \t]*$/.exec(line) ?? [];
    return { shown: line, open: run.length >= fence.length ? { fence: "", details } : open };
  }
  const [, opened, language] = /^(`{3,})([^`]*)$/.exec(line) ?? [];
  // Other languages are rendered: mermaid, math, maps.
  if (opened !== undefined)
    return { shown: `${opened}${language === "diff" ? language : ""}`, open: { fence: opened, details } };
  if (line === "</details>" && details > 0)
    return { shown: `\n${line}\n`, open: { fence, details: details - 1 } };
  const [, title] = /^<details><summary>([^<>&]*)<\/summary>$/.exec(line) ?? [];
  if (title !== undefined)
    // The empty line ends the HTML, so that Markdown follows again.
    return {
      shown: `\n<details><summary>${harmless(title)}</summary>\n`,
      open: { fence, details: details + 1 },
    };
  return { shown: harmless(line), open };
}

function harmless(line: string): string {
  return line
    .replace(/^([\s>*+\-\d.)]*)(`{3,}|~{3,})/, `$1${breaker}$2`)
    .replace(/<(?=[A-Za-z/!?])|@(?=[\p{L}\p{N}_-])|&(?=[#A-Za-z])|!(?=\[)/gu, `$&${breaker}`);
}
