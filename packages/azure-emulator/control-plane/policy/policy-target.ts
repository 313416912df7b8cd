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
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A value's text, as Azure Policy compares and joins it: a text, a number or a Boolean; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** A member without regard to the case of its name. */
export function memberOf(object: unknown, name: string): unknown {
  if (typeof object !== "object" || object === null) return undefined;
  const found = Object.entries(object).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found?.[1];
}
