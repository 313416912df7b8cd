/**
 * The kind of value that a key of a Data Factory object holds.
 *
 * azure-native silently drops every key that its types do not know (docs/sources.md, "Data Factory"), so the translator refuses such
 * keys. The compiler checks the shapes in this folder against the SDK's types: it requires every key of a type and refuses any
 * other, so a new release of the SDK shows its new keys as compile errors.
 */
export type Field =
  /** Kept as it is: a plain value, or content that the SDK types as `any` and passes on verbatim. */
  | { readonly is: "verbatim" }
  /** The SDK has a type for it that our definitions do not need; refused until the type is described here. */
  | { readonly is: "refused" }
  /** Written by the service and read-only, so Studio and its Git mode write it again: left out, nothing is lost. */
  | { readonly is: "dropped" }
  /** Always the same kind of object, named as in `parts.ts`. */
  | { readonly is: "part"; readonly part: string }
  /** One of several kinds, distinguished by `type`. */
  | { readonly is: "oneOf"; readonly family: FamilyName }
  | { readonly is: "list"; readonly of: Field }
  | { readonly is: "map"; readonly of: Field };

export type FamilyName =
  | "linkedService"
  | "dataset"
  | "trigger"
  | "activity"
  | "source"
  | "sink"
  | "storeSettings"
  | "formatSettings"
  | "location";

export type Fields = Readonly<Record<string, Field>>;

/** An object that Studio writes with `typeProperties`: the keys beside them and the keys inside. */
export interface TypedShape {
  readonly beside: Fields;
  readonly inside: Fields;
  /** Says the `typeProperties` of a file in the words that azure-native has. */
  readonly reworded?: (
    typeProperties: Readonly<Record<string, unknown>>,
  ) => Readonly<Record<string, unknown>>;
}

/** Exactly the keys of an SDK type. */
export type Exactly<Args> = Record<keyof Args, Field>;

/** Exactly the keys of an SDK type without those of `Beside`, all of which the type must have. */
export type Rest<Args, Beside> = keyof Beside extends keyof Args
  ? Record<Exclude<keyof Args, keyof Beside>, Field>
  : never;

export const verbatim = { is: "verbatim" } as const;
export const refused = { is: "refused" } as const;
export const dropped = { is: "dropped" } as const;
export const part = (name: string) => ({ is: "part", part: name }) as const;
export const oneOf = (family: FamilyName) => ({ is: "oneOf", family }) as const;
export const list = (of: Field) => ({ is: "list", of }) as const;
export const map = (of: Field) => ({ is: "map", of }) as const;
