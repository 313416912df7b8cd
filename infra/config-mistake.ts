export const NAMESPACE = "quantemplate";

/** A place in the configuration: the full key, then the path inside its value. */
export type ConfigPath = readonly [string, ...PropertyKey[]];

export interface ConfigMistake {
  readonly path: ConfigPath;
  /** `expects …`, or that it is not a setting. */
  readonly message: string;
  /** The id of the dataset with the mistake; undefined if the mistake is in the id itself. */
  readonly dataset?: string;
}

/** A mistake at a place below our namespace. */
export function mistake([setting, ...rest]: readonly PropertyKey[], message: string): ConfigMistake {
  return { path: [`${NAMESPACE}:${String(setting ?? "")}`, ...rest], message };
}
