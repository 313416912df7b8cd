import { type EffectiveSetting, effectiveSettings } from "../../tenants/effective-settings";

/** A setting whose values differ between two tenants; undefined if a tenant has none. */
export interface Difference {
  readonly key: string;
  readonly left: unknown;
  readonly right: unknown;
}

/**
 * The effective settings in which two tenants differ; datasets are paired by their ids.
 * @throws QtError QT1001, QT9017
 */
export function diffTenants(root: string, left: string, right: string): Difference[] {
  return differences(effectiveSettings(root, left), effectiveSettings(root, right));
}

export function differences(
  left: readonly EffectiveSetting[],
  right: readonly EffectiveSetting[],
): Difference[] {
  const leftValues = new Map(left.map(({ name, value }) => [name, value]));
  const rightValues = new Map(right.map(({ name, value }) => [name, value]));
  return [...new Set([...leftValues.keys(), ...rightValues.keys()])]
    .map((key) => ({ key, left: leftValues.get(key), right: rightValues.get(key) }))
    .filter(({ left, right }) => JSON.stringify(left) !== JSON.stringify(right));
}
