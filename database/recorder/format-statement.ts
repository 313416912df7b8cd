import { is, type Token, tokensOf } from "../lint/tokens";

const longestLine = 140;
/** Words that begin a new line. */
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
/** Words before which a long line may be split. */
const dividers = ["+", "and", "or", "when", "then", "else", "end", "collate", "as", "like", "in"];

interface Line {
  readonly indent: number;
  readonly pieces: string[];
}

/**
 * Splits a statement into lines that a reviewer can compare: clauses and list elements begin a line. Only the blanks between tokens
 * change.
 * @throws Error if it would change a token.
 */
export function formatStatement(sql: string): string {
  const tokens = tokensOf(sql);
  const text = layOut(tokens).flatMap(divide).join("\n");
  const same =
    tokensOf(text)
      .map(({ raw }) => raw)
      .join("\n") === tokens.map(({ raw }) => raw).join("\n");
  if (!same) throw new Error(`Formatting changed the statement:\n${text}`);
  return text;
}

function layOut(tokens: readonly Token[]): Line[] {
  const lines: Line[] = [{ indent: 0, pieces: [] }];
  // For each open bracket: whether it holds a list that is split into lines, and whether the current element has a bracket.
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

/** True if the name belongs to a function or a type, whose bracket follows without a blank. */
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

/** True if the list element that begins there has a bracket. */
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
