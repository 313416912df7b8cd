import { isJsonObject } from "../../../kit/json-object";
import { callOf, derived, knownValue, type PolicyValue } from "./functions";
import type { Parameters } from "./parameters";
import { memberOf, textOf } from "./policy-target";
import { UnsupportedPolicy, within } from "./unsupported-policy";

const TOKEN = /\s*(?:'((?:[^']|'')*)'|([A-Za-z_][A-Za-z0-9_]*)|(-?\d+)|([()[\].,]))/y;

/**
 * Reads a value of a rule. Text in square brackets is a template expression of the functions in functions.ts; `[[` begins a text with a
 * bracket. Lists and objects may hold expressions. Anything else stands for itself.
 * Source: learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule, "Policy functions".
 * @throws UnsupportedPolicy for what cannot be evaluated for every resource
 */
export function policyValue(value: unknown, parameters: Parameters): PolicyValue {
  if (Array.isArray(value)) {
    const items = value.map((item, index) => within(`[${index}]`, () => policyValue(item, parameters)));
    return derived(items, (given) => given);
  }
  if (isJsonObject(value)) {
    const names = Object.keys(value);
    const members = names.map((name) => within(name, () => policyValue(value[name], parameters)));
    return derived(members, (given) => Object.fromEntries(names.map((name, index) => [name, given[index]])));
  }
  if (typeof value !== "string" || !value.startsWith("[") || !value.endsWith("]"))
    return derived([], () => value);
  if (value.startsWith("[[")) return derived([], () => value.slice(1));
  const read = new Reader(tokensOf(value), parameters);
  const result = read.value();
  read.end();
  return result;
}

/** A value that is the same for every resource, such as an effect or the name of a field. @throws UnsupportedPolicy for any other */
export function constantOf(value: unknown, parameters: Parameters): unknown {
  const read = policyValue(value, parameters);
  if (!read.constant) throw new UnsupportedPolicy(`${textOf(value)} depends on the resource`);
  return knownValue(read);
}

type Token = { readonly kind: "text" | "name" | "number" | "mark"; readonly text: string };

function tokensOf(expression: string): Token[] {
  const inner = expression.slice(1, -1);
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (inner.slice(TOKEN.lastIndex).trim() !== "") {
    const from = TOKEN.lastIndex;
    const found = TOKEN.exec(inner);
    if (found === null)
      throw new UnsupportedPolicy(
        `the expression ${expression} cannot be read from character ${from + 2} on`,
      );
    const [, text, name, number, mark] = found;
    if (text !== undefined) tokens.push({ kind: "text", text: text.replaceAll("''", "'") });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else tokens.push({ kind: "mark", text: mark ?? "" });
  }
  return tokens;
}

/** Reads an expression from its tokens, outermost call first. */
class Reader {
  #at = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly parameters: Parameters,
  ) {}

  value(): PolicyValue {
    const token = this.#next();
    if (token.kind === "text") return derived([], () => token.text);
    if (token.kind === "number") return derived([], () => Number(token.text));
    if (token.kind === "mark") throw this.#unexpected(token);
    return this.#members(this.#call(token.text));
  }

  end(): void {
    const left = this.tokens[this.#at];
    if (left !== undefined) throw this.#unexpected(left);
  }

  #call(name: string): PolicyValue {
    this.#take("(");
    const inputs: PolicyValue[] = [];
    while (!this.#has(")")) {
      if (inputs.length > 0) this.#take(",");
      inputs.push(this.value());
    }
    this.#take(")");
    return callOf(name, inputs, this.parameters);
  }

  /** `.name` and `['name']` after a call. */
  #members(of: PolicyValue): PolicyValue {
    let result = of;
    while (this.#has(".") || this.#has("[")) {
      const name = this.#next().text === "." ? this.#name() : this.#index();
      result = memberValue(result, name);
    }
    return result;
  }

  #name(): PolicyValue {
    const token = this.#next();
    if (token.kind !== "name") throw this.#unexpected(token);
    return derived([], () => token.text);
  }

  #index(): PolicyValue {
    const name = this.value();
    this.#take("]");
    return name;
  }

  #has(mark: string): boolean {
    const token = this.tokens[this.#at];
    return token?.kind === "mark" && token.text === mark;
  }

  #take(mark: string): void {
    const token = this.#next();
    if (token.kind !== "mark" || token.text !== mark) throw this.#unexpected(token);
  }

  #next(): Token {
    const token = this.tokens[this.#at++];
    if (token === undefined) throw new UnsupportedPolicy("an expression ends too early");
    return token;
  }

  #unexpected({ text }: Token): UnsupportedPolicy {
    return new UnsupportedPolicy(`an expression has '${text}' in a place where it makes no sense`);
  }
}

/** A member of an object; an object that says which members it has refuses others at once. */
function memberValue(object: PolicyValue, name: PolicyValue): PolicyValue {
  const known = textOf(knownValue(name));
  if (object.members !== undefined && known !== undefined && !object.members.includes(known.toLowerCase()))
    throw new UnsupportedPolicy(
      `an expression asks for '${known}', and only ${object.members.join(", ")} are there`,
    );
  const result = derived([object, name], ([of, member]) => memberOf(of, textOf(member) ?? ""));
  if (result.constant && knownValue(result) === undefined)
    throw new UnsupportedPolicy(`an expression asks for '${known}', which is not there`);
  return result;
}
