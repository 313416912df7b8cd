import { matchesAction } from "../../azure-resource-types";
import { EmulatorError } from "../errors/emulator-error";
import { armRules } from "./rules/azure-rule";

export const assignmentConditionRules = armRules("Conditions of role assignments", {
  condition: {
    what: "A role assignment with a condition grants an action only if the condition holds for the request, such as for the roles that may be assigned.",
    source:
      "https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples; https://learn.microsoft.com/azure/role-based-access-control/conditions-format",
    answer: { status: 403, code: "AuthorizationFailed" },
    test: [
      "control-plane/assignment-condition.itest.ts",
      "lets a delegate assign and take away only the roles that the condition names",
    ],
  },
});

/** What a condition may look at: the properties that are sent, and those of the resource that is there. */
export interface RequestFacts {
  readonly request?: Readonly<Record<string, unknown>> | undefined;
  readonly resource?: Readonly<Record<string, unknown>> | undefined;
}

/** A condition that was read. */
export type AssignmentCondition = (action: string, facts: RequestFacts) => boolean;

const known = new Map<string, AssignmentCondition>();

/**
 * Reads a condition: `ActionMatches`, comparisons of the attributes of role assignments, `!`, `AND`, `OR` and parentheses.
 * @throws EmulatorError QT6170 for anything else
 */
export function readCondition(text: string): AssignmentCondition {
  const read = known.get(text) ?? parse(text);
  known.set(text, read);
  return read;
}

const TOKEN =
  /\s*(?:([()!])|(AND|OR|NOT|&&|\|\|)(?=[\s(!@])|ActionMatches\{'([^']*)'\}|@(Request|Resource)\[Microsoft\.Authorization\/roleAssignments:(RoleDefinitionId|PrincipalId|PrincipalType)\]\s+(?:ForAnyOf(Any|All)Values:)?(Guid|String)(Not)?Equals(?:IgnoreCase)?\s*(?:\{([^}]*)\}|'([^']*)'))/y;

function parse(text: string): AssignmentCondition {
  let at = 0;
  const next = (): RegExpExecArray => {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text);
    if (token === null) throw new EmulatorError("QT6170", { condition: text, place: text.slice(at).trim() });
    at = TOKEN.lastIndex;
    return token;
  };
  /** Consumes the next token if it is one of these. */
  const take = (...symbols: readonly string[]): boolean => {
    TOKEN.lastIndex = at;
    const [, symbol, word] = TOKEN.exec(text) ?? [];
    const found = symbols.includes(symbol ?? word ?? "");
    if (found) at = TOKEN.lastIndex;
    return found;
  };
  const either = (): AssignmentCondition => {
    const parts = [both()];
    while (take("OR", "||")) parts.push(both());
    return (...facts) => parts.some((part) => part(...facts));
  };
  const both = (): AssignmentCondition => {
    const parts = [one()];
    while (take("AND", "&&")) parts.push(one());
    return (...facts) => parts.every((part) => part(...facts));
  };
  const one = (): AssignmentCondition => {
    if (take("!", "NOT")) {
      const part = one();
      return (...facts) => !part(...facts);
    }
    if (take("(")) {
      const inner = either();
      if (!take(")")) next();
      return inner;
    }
    return leaf(next(), text);
  };
  const condition = either();
  if (text.slice(at).trim() !== "")
    throw new EmulatorError("QT6170", { condition: text, place: text.slice(at).trim() });
  return condition;
}

/** `ActionMatches`, or a comparison; one with an attribute that is not there is false. */
function leaf(token: RegExpExecArray, condition: string): AssignmentCondition {
  const [whole, , , pattern, source, attribute, quantifier, kind, not, list, single] = token;
  if (pattern !== undefined) return (action) => matchesAction(pattern, action);
  if (source === undefined || attribute === undefined)
    throw new EmulatorError("QT6170", { condition, place: whole.trim() });
  const values = (single === undefined ? (list ?? "").split(",") : [single]).map((value) =>
    value
      .trim()
      .replace(/^'(.*)'$/, "$1")
      .toLowerCase(),
  );
  return (_action, { request, resource }) => {
    const properties = source === "Request" ? request : resource;
    const name = `${attribute.slice(0, 1).toLowerCase()}${attribute.slice(1)}`;
    const found = properties?.[name];
    if (typeof found !== "string") return false;
    const value = (kind === "Guid" ? (found.split("/").at(-1) ?? "") : found).toLowerCase();
    const compare = (other: string) => (value === other) !== (not !== undefined);
    return quantifier === "All" ? values.every(compare) : values.some(compare);
  };
}
