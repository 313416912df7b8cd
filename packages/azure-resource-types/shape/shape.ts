/**
 * What a PUT of a resource type may contain: the published type, reduced to what a check of a body needs. A value of a read-only
 * property is not described, because Azure fills it in and ignores what a client sends.
 */
export type Shape = Presence & Value;

/** What a property is to a client. */
export interface Presence {
  /** A PUT without it is refused. */
  readonly required?: true;
  /** Azure fills it in; a client's value is ignored. */
  readonly readOnly?: true;
  /** Azure takes it and never answers it. */
  readonly writeOnly?: true;
}

type Value =
  | { readonly kind: "any" | "bool" }
  | StringShape
  | NumberShape
  | ArrayShape
  | ObjectShape
  | { readonly kind: "oneOf"; readonly oneOf: readonly Shape[] }
  /** An object that contains itself: the object of this name around it. */
  | { readonly kind: "recursive"; readonly name: string };

export interface StringShape extends Presence {
  readonly kind: "string";
  readonly enum?: readonly string[];
  /** The published type leaves room for more values than `enum` has. */
  readonly openEnum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  /** For JavaScript's RegExp, without flags. */
  readonly pattern?: string;
}

/** Any JSON number: the published types know no fractions. */
export interface NumberShape extends Presence {
  readonly kind: "number";
  readonly min?: number;
  readonly max?: number;
}

export interface ArrayShape extends Presence {
  readonly kind: "array";
  readonly items: Shape;
  readonly minLength?: number;
  readonly maxLength?: number;
}

export interface ObjectShape extends Presence {
  readonly kind: "object";
  /** The name by which a part of it refers back to it. */
  readonly name?: string;
  readonly properties: Readonly<Record<string, Shape>>;
  /** What other properties hold; without it there are none. */
  readonly others?: Shape;
  /** More properties, by the value of `key`. */
  readonly variants?: { readonly key: string; readonly of: Readonly<Record<string, Shape>> };
}

/** A resource type in one API version. */
export interface TypeShape {
  /** `Microsoft.Sql/servers/databases` */
  readonly type: string;
  /** The API version that the shape is of. */
  readonly version: string;
  /** The rule of its name. */
  readonly name: StringShape;
  /** The body of a PUT without `id`, `name` and `type`. */
  readonly body: ObjectShape;
}
