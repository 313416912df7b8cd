// Markdown that nobody vouches for as a part of a post: it shows what it says, and does nothing to what is around it.

/** Invisible, and enough that GitHub sees neither HTML, nor a mention, nor an image. */
const breaker = "\u200b";

/** A block that is open where a line ends: a code block with its fence, or a `<details>`. */
interface Open {
  readonly fence: string;
  readonly details: number;
}

/**
 * The text, at most `limit` characters long: where it is longer, cut at the end of a line, with `note` below. Code blocks and
 * `<details>` that commands/fleet/summary/markdown.ts writes stay, and are closed where the text leaves them open. All other HTML (comments
 * too), images and mentions become text; control characters and what turns or hides text are left out.
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

/** As many lines as fit, with what closes their blocks. */
function taken(lines: readonly string[], limit: number): { length: number; whole: string } {
  let open: Open = { fence: "", details: 0 };
  let body = "";
  let whole = "";
  for (const [index, line] of lines.entries()) {
    const next = read(line, open);
    body += `${index === 0 ? "" : "\n"}${next.shown}`;
    open = next.open;
    const closed = `${body}${closing(open)}`;
    // Only where the text could end: without a gap before what closes it.
    if (closed.length > limit) return { length: index, whole };
    whole = closed;
  }
  return { length: lines.length, whole };
}

function closing({ fence, details }: Open): string {
  return `${fence === "" ? "" : `\n${fence}`}${"\n\n</details>".repeat(details)}`;
}

/** A line as it may be shown, and what is open behind it. */
function read(line: string, open: Open): { shown: string; open: Open } {
  const { fence, details } = open;
  if (fence !== "") {
    const [, run = ""] = /^ {0,3}(`+)[ \t]*$/.exec(line) ?? [];
    return { shown: line, open: run.length >= fence.length ? { fence: "", details } : open };
  }
  const [, opened, language] = /^(`{3,})([^`]*)$/.exec(line) ?? [];
  // Other languages draw: mermaid, math, maps.
  if (opened !== undefined)
    return { shown: `${opened}${language === "diff" ? language : ""}`, open: { fence: opened, details } };
  if (line === "</details>" && details > 0)
    return { shown: `\n${line}\n`, open: { fence, details: details - 1 } };
  const [, title] = /^<details><summary>([^<>&]*)<\/summary>$/.exec(line) ?? [];
  if (title !== undefined)
    // The empty line ends the HTML: what follows is Markdown again.
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
