/** What a policy sees of a request: the resource as it will be, and its group. */
export interface PolicyTarget {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly location?: string | undefined;
  readonly kind?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly identity?: { readonly type?: string } | undefined;
  readonly sku?: Readonly<Record<string, unknown>> | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly resourceGroup: PolicyGroup;
}

/** A resource group, as `resourceGroup()` answers it. */
export interface PolicyGroup {
  readonly name: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
}

export type Parameters = ReadonlyMap<string, unknown>;

/** A value of a rule once it is known which resource it is asked for. */
export type PolicyValue = (target: PolicyTarget) => unknown;

/** Part of a definition that the emulator cannot evaluate. It refuses the file rather than let a rule pass that Azure enforces. */
export class UnsupportedPolicy extends Error {
  override readonly name = "UnsupportedPolicy";
}

const TOKEN = /\s*(?:'((?:[^']|'')*)'|([A-Za-z_][A-Za-z0-9_]*)|(-?\d+)|([()[\].,]))/y;

/**
 * Reads a value of a rule. Text in square brackets is a template expression of the functions `parameters`, `field`, `concat`,
 * `resourceGroup` and `toLower`; `[[` begins a text with a bracket. Anything else stands for itself.
 * Source: learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule, "Policy functions".
 * @throws UnsupportedPolicy for another function
 */
export function policyValue(value: unknown, parameters: Parameters): PolicyValue {
  if (typeof value !== "string" || !value.startsWith("[") || !value.endsWith("]")) return () => value;
  if (value.startsWith("[[")) return () => value.slice(1);
  const tokens = tokensOf(value);
  const read = new Reader(tokens, parameters);
  const result = read.value();
  read.end();
  return result;
}

/** A value that is the same for every resource, such as an effect or the name of a field. */
export function constantOf(value: unknown, parameters: Parameters, what: string): unknown {
  const nothing: PolicyTarget = {
    id: "",
    type: "",
    name: "",
    properties: {},
    resourceGroup: { name: "", location: "", tags: {} },
  };
  if (typeof value === "string" && /field\(|resourceGroup\(/i.test(value))
    throw new UnsupportedPolicy(`${what} depends on the resource: ${value}`);
  return policyValue(value, parameters)(nothing);
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
    if (token.kind === "text") return () => token.text;
    if (token.kind === "number") return () => Number(token.text);
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
    const known = functions.get(name.toLowerCase());
    if (known === undefined) throw new UnsupportedPolicy(`the function ${name}() is not evaluated here`);
    return known(inputs, this.parameters);
  }

  /** `.name` and `['name']` after a call. */
  #members(of: PolicyValue): PolicyValue {
    let result = of;
    while (this.#has(".") || this.#has("[")) {
      const object = result;
      let member: PolicyValue;
      if (this.#next().text === ".") {
        const { text } = this.#next();
        member = () => text;
      } else {
        member = this.value();
        this.#take("]");
      }
      result = (target) => memberOf(object(target), String(member(target)));
    }
    return result;
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

type PolicyFunction = (inputs: readonly PolicyValue[], parameters: Parameters) => PolicyValue;

const functions: ReadonlyMap<string, PolicyFunction> = new Map<string, PolicyFunction>([
  [
    "parameters",
    ([name], parameters) =>
      (target) => {
        const key = String(name?.(target)).toLowerCase();
        if (!parameters.has(key)) throw new UnsupportedPolicy(`the parameter '${key}' has no value`);
        return parameters.get(key);
      },
  ],
  [
    "field",
    ([name]) =>
      (target) =>
        fieldOf(target, String(name?.(target))),
  ],
  ["concat", (inputs) => (target) => inputs.map((input) => String(input(target) ?? "")).join("")],
  [
    "tolower",
    ([text]) =>
      (target) =>
        String(text?.(target) ?? "").toLowerCase(),
  ],
  ["resourcegroup", () => (target) => target.resourceGroup],
]);

/**
 * The value of a field: an envelope member, a tag (`tags.x`, `tags['x']`, `tags[x]`) or an alias, `<type>/<path below properties>`.
 * A field of another type is absent.
 */
export function fieldOf(target: PolicyTarget, name: string): unknown {
  const tag = tagOf(name);
  if (tag !== undefined) return memberOf(target.tags, tag);
  const alias = aliasPath(target.type, name);
  if (alias !== undefined) return at(target.properties, alias) ?? at(target, alias);
  if (/^fullName$/i.test(name)) return target.id.split("/providers/").at(-1)?.split("/").slice(1).join("/");
  return /^(name|type|kind|location|id|tags|identity\.type)$/i.test(name) ? at(target, name) : undefined;
}

/** `tags['x']` → `x`; undefined for a field that is no tag. */
export function tagOf(name: string): string | undefined {
  const tag = /^tags(?:\.(.+)|\[\s*'?(.*?)'?\s*\])$/i.exec(name);
  return tag === null ? undefined : (tag[1] ?? tag[2] ?? "");
}

/** `Microsoft.Sql/servers/publicNetworkAccess` → `publicNetworkAccess` for a server; undefined for any other type. */
export function aliasPath(type: string, name: string): string | undefined {
  if (!name.toLowerCase().startsWith(`${type.toLowerCase()}/`)) return undefined;
  const path = name.slice(type.length + 1);
  return path.includes("/") ? undefined : path;
}

/** The value at a dotted path; with `[*]` the list of the values of all elements. */
function at(object: unknown, path: string): unknown {
  const [first = "", ...rest] = path.split(".");
  const each = first.endsWith("[*]");
  const value = memberOf(object, each ? first.slice(0, -3) : first);
  const onward = (item: unknown) => (rest.length === 0 ? item : at(item, rest.join(".")));
  if (!each) return onward(value);
  return Array.isArray(value) ? value.map(onward) : undefined;
}

function memberOf(object: unknown, name: string): unknown {
  if (typeof object !== "object" || object === null) return undefined;
  const found = Object.entries(object).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found?.[1];
}
