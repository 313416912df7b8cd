import { aliasesOf, type Declarations, type Declared, tableElements, variablesOf } from "./declarations";
import type { Fault } from "./fault";
import { calls, chains, is, type Token } from "./tokens";

/** For longer text QUOTENAME returns NULL, and so the statement built with it becomes NULL too. */
const longestName = 128;

/** Calls of QUOTENAME whose argument may be longer than a name, according to the declared types. */
export function longQuotenames(tokens: readonly Token[], declarations: Declarations): Fault[] {
  const variables = variablesOf(tokens);
  const aliases = aliasesOf(tokens);
  return calls(tokens, "quotename").flatMap(({ name, args: [argument = []] }) => {
    const width = widthOf(argument, { variables, aliases, declarations });
    return width <= longestName ? [] : [{ line: name.line, what: `quotename of up to ${width} characters` }];
  });
}

interface Scope {
  readonly variables: ReadonlyMap<string, Declared>;
  readonly aliases: ReadonlyMap<string, ReadonlySet<string>>;
  readonly declarations: Declarations;
}

/** The maximum number of characters of a text; Infinity if unknown. */
function widthOf(expression: readonly Token[], scope: Scope): number {
  const whole = chains(expression).findLast(
    ({ before, after }) => before === undefined && after.length === 0,
  );
  if (whole === undefined) return Infinity;
  return whole.operands.reduce((sum, operand) => sum + operandWidth(operand, scope), 0);
}

function operandWidth(operand: readonly Token[], scope: Scope): number {
  const [first, dot, second] = operand;
  if (first === undefined) return Infinity;
  if (first.kind === "string") return first.text.length;
  if (first.kind === "variable") return scope.variables.get(first.text)?.width ?? Infinity;
  const [call] = calls(operand, "left", "cast", "convert");
  if (call?.name === first) return callWidth(call.name.text, call.args);
  if (is(operand[1], "(")) return Infinity;
  if (!is(dot, ".")) return columnWidth(scope.aliases.keys(), first.text, scope);
  const name = `${first.text}.${second?.text}`;
  return (
    scope.declarations.functions.get(name)?.width ?? columnWidth([first.text], second?.text ?? "", scope)
  );
}

function callWidth(name: string, args: readonly (readonly Token[])[]): number {
  if (name === "left") return Number(args[1]?.[0]?.text ?? Infinity);
  const type =
    name === "convert" ? args[0] : args[0]?.slice(args[0].findIndex((token) => is(token, "as")) + 1);
  const size = type?.find(({ kind }) => kind === "number");
  return size === undefined ? Infinity : Number(size.text);
}

/** Looks for a derived table's column in every table of the file. */
function columnWidth(names: Iterable<string>, column: string, scope: Scope): number {
  const widths = (from: Iterable<string>) =>
    [...from]
      .flatMap((alias) => [...(scope.aliases.get(alias) ?? [])])
      .flatMap((table) => scope.declarations.tables.get(table)?.columns.get(column)?.width ?? []);
  const own = widths(names);
  const found = own.length > 0 ? own : widths(scope.aliases.keys());
  return found.length > 0 ? Math.max(...found) : Infinity;
}

/** Constraints that the server would name: a later file would have to look that name up. On temporary tables they must have no name. */
export function unnamedConstraints(tokens: readonly Token[]): Fault[] {
  return tableElements(tokens).flatMap(({ table, tokens: element }) => {
    const faults: Fault[] = [];
    let named = false;
    let depth = 0;
    for (const [index, token] of element.entries()) {
      if (is(token, "(")) depth += 1;
      if (is(token, ")")) depth -= 1;
      if (depth > 0) continue;
      if (is(token, "constraint")) named = true;
      const begins =
        is(token, "primary", "unique", "check", "default", "foreign") ||
        (is(token, "references") && !element.slice(0, index).some((one) => is(one, "foreign")));
      if (!begins) continue;
      const temporary = table.startsWith("#");
      if (temporary === named)
        faults.push({
          line: token.line,
          what: temporary
            ? `${token.text} of ${table} has a name, which two sessions cannot both use`
            : `${token.text} of ${table} has no name`,
        });
      named = false;
    }
    return faults;
  });
}

/** Names that Microsoft writes in upper or mixed case, and that no collation affects. */
const spelled =
  /^(GO|E|INFORMATION_SCHEMA|COLUMNS|TABLES|ORDINAL_POSITION|(TABLE|COLUMN)_(SCHEMA|NAME)|@(Resource|LockMode|LockOwner|LockTimeout|DbPrincipal)|\w+_BIN2|\w+_C[IS]_A[IS]\w*)$/;

/** Names that are not in lower case: in a case-sensitive collation, @Name is not @name. */
export function otherCase(tokens: readonly Token[]): Fault[] {
  return tokens
    .filter(({ kind, raw, text }) => (kind === "name" || kind === "variable") && raw.toLowerCase() === text)
    .filter(({ raw, text }) => raw !== text && !spelled.test(raw))
    .map(({ line, raw }) => ({ line, what: `${raw} is not in lower case` }));
}
