/** The first thing in a body that its type does not take. */
export class BodyFault extends Error {
  override readonly name = "BodyFault";
  constructor(
    readonly kind: FaultKind,
    /** `properties.sku.name`, `properties.rules[0].id` */
    readonly path: string,
    /** What the type takes there, as the end of a sentence. */
    readonly expected: string,
  ) {
    super(`${path}: ${expected}`);
  }
}

export type FaultKind = "missing" | "kind" | "enum" | "length" | "pattern" | "range" | "unknown";

/** A place in a body. It is spelled out only for a fault. */
export interface Place {
  readonly above: Place | undefined;
  readonly step: string | number;
}

export function pathOf(place: Place | undefined): string {
  if (place === undefined) return "";
  const above = pathOf(place.above);
  if (typeof place.step === "number") return `${above}[${place.step}]`;
  const name = /^[\w$-]+$/.test(place.step) ? place.step : `['${place.step}']`;
  return above === "" || name.startsWith("[") ? `${above}${name}` : `${above}.${name}`;
}
