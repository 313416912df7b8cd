import { is, type Token, tokensOf } from "../lint/tokens";

/** The sizes of a statement that SQL Server limits. */
export interface StatementSize {
  readonly characters: number;
  /** Identifiers and constants in its largest expression. A column with its alias counts once, as in the limit's documentation. */
  readonly names: number;
  /** Elements of its longest list: columns of a SELECT or an INSERT. */
  readonly elements: number;
}

const boundaries = [
  "select",
  "from",
  "where",
  "on",
  "set",
  "values",
  "group",
  "order",
  "having",
  "cross",
  "join",
  "union",
  ";",
];

export function statementSize(sql: string): StatementSize {
  const size = { characters: sql.length, names: 0, elements: 0 };
  // For each open bracket: its expression so far, its list so far, and whether it is a separate query or list of expressions.
  const open = [{ names: 0, elements: 1, isQuery: true }];
  const close = (frame: { names: number; elements: number }) => {
    size.names = Math.max(size.names, frame.names);
    size.elements = Math.max(size.elements, frame.elements);
  };
  const tokens = tokensOf(sql);
  for (const [index, token] of tokens.entries()) {
    const frame = open.at(-1);
    if (frame === undefined) break;
    if (is(token, "("))
      open.push({ names: 0, elements: 1, isQuery: is(tokens[index + 1], "select", "values") });
    else if (is(token, ")") && open.length > 1) {
      open.pop();
      close(frame);
      const outer = open.at(-1);
      if (outer !== undefined && !frame.isQuery) outer.names += frame.names;
    } else if (is(token, ",") || is(token, ...boundaries)) {
      close(frame);
      // A list counts as one expression, even in a SELECT.
      if (is(token, ",")) frame.elements += 1;
      else {
        frame.elements = 1;
        if (frame.isQuery) frame.names = 0;
      }
    } else if (isName(tokens, index)) frame.names += 1;
  }
  for (const frame of open) close(frame);
  return size;
}

function isName(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  if (token === undefined || token.kind === "symbol") return false;
  if (token.kind !== "name") return true;
  const isLast = !is(tokens[index + 1], ".", "(");
  return isLast && (token.quoted || token.text.startsWith("_") || is(tokens[index - 1], "."));
}
