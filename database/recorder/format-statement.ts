import { is, type Token, tokensOf } from "../lint/tokens";

const longestLine = 140;
/** Words that begin a line of their own. */
const clauses = [
  "select",
  "from",
  "where",
  "cross",
  "full",
  "left",
  "inner",
  "union",
  "group",
  "order",
  "having",
  "values",
  "insert",
  "update",
  "delete",
  "set",
  "declare",
  "if",
];
/** Where a line that is too long may be divided. */
const dividers = ["+", "and", "or", "when", "then", "else", "end", "collate", "as", "like", "in"];

interface Line {
  readonly indent: number;
  readonly pieces: string[];
}

/**
 * A statement as lines that a reviewer can compare: clauses and the elements of lists begin a line. Only blanks between tokens differ.
 * @throws Error when it would change a token
 */
export function formatStatement(sql: string): string {
  const tokens = tokensOf(sql);
  const text = layOut(tokens).flatMap(divide).join("\n");
  const same =
    tokensOf(text)
      .map(({ raw }) => raw)
      .join("\n") === tokens.map(({ raw }) => raw).join("\n");
  if (!same) throw new Error(`The formatted statement is another one:\n${text}`);
  return text;
}

function layOut(tokens: readonly Token[]): Line[] {
  const lines: Line[] = [{ indent: 0, pieces: [] }];
  // Of each open bracket: whether a list with lines of its own stands in it, and whether its element has a bracket.
  const open = [{ isList: false, hasBracket: false }];
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    if (is(token, ")") && open.length > 1) open.pop();
    const frame = open.at(-1);
    const depth = open.length - 1;
    const begins =
      index > 0 && is(token, ...clauses) && !is(before, "(", ".", "cross") && !isCall(tokens, index);
    const listed = is(before, ",") && frame?.isList && (frame.hasBracket || hasBracket(tokens, index));
    if (begins || listed) lines.push({ indent: depth + (listed ? 1 : 0), pieces: [] });
    if (frame && (begins || is(token, ","))) frame.hasBracket = false;
    if (frame && is(token, "select", "values", "set")) frame.isList = true;
    const glued =
      before === undefined ||
      is(before, "(", ".") ||
      is(token, ")", ",", ".", ";") ||
      (is(token, "(") && isCall(tokens, index - 1));
    const line = lines.at(-1);
    if (glued && line !== undefined && line.pieces.length > 0)
      line.pieces.push(`${line.pieces.pop()}${token.raw}`);
    else line?.pieces.push(token.raw);
    if (!is(token, "(")) continue;
    if (frame) frame.hasBracket = true;
    open.push({ isList: false, hasBracket: false });
  }
  return lines;
}

/** Whether the name is that of a function or a type: its bracket follows without a blank. */
function isCall(tokens: readonly Token[], index: number): boolean {
  const [name, next] = tokens.slice(index, index + 2);
  const words = [...clauses, ...dividers, "on", "by", "not", "apply", "join", "over", "distinct", "between"];
  return (
    name?.kind === "name" &&
    !name.quoted &&
    is(next, "(") &&
    (name.text === "left" || !words.includes(name.text))
  );
}

/** Whether the element of a list that begins there has a bracket. */
function hasBracket(tokens: readonly Token[], index: number): boolean {
  const end = tokens.findIndex((token, at) => at >= index && is(token, ",", "(", ")", "from"));
  return is(tokens[end], "(");
}

function divide({ indent, pieces }: Line): string[] {
  const chunks: string[] = [];
  for (const [index, piece] of pieces.entries()) {
    const begins = dividers.includes(piece.toLowerCase()) || pieces[index - 1]?.endsWith(",");
    if (begins || chunks.length === 0) chunks.push(piece);
    else chunks.push(`${chunks.pop()} ${piece}`);
  }
  const margin = (line: number) => "  ".repeat(indent + (line > 0 ? 1 : 0));
  const lines: string[] = [];
  for (const chunk of chunks) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + chunk.length > longestLine)
      lines.push(margin(lines.length) + chunk);
    else lines[lines.length - 1] = `${line} ${chunk}`;
  }
  return lines;
}
