import type { Value, ValueObject } from "./value";

/** What an expression can see. Everything is looked up when it is used, so that a running pipeline can change it. */
export interface ExpressionScope {
  /** `pipeline()`: system variables, parameters and global parameters. */
  pipeline(): ValueObject;
  /** `activity('name')`: `{output, status, error}`; undefined where no activity of that name has ended. */
  activity(name: string): Value | undefined;
  /** `variables('name')`. */
  variable(name: string): Value | undefined;
  /** `item()`; undefined outside of a loop. */
  item(): Value | undefined;
  /** `dataset()`: the dataset's parameters; undefined outside of a dataset. */
  dataset(): ValueObject | undefined;
  /** `linkedService()`: the linked service's parameters; undefined outside of one. */
  linkedService(): ValueObject | undefined;
}
