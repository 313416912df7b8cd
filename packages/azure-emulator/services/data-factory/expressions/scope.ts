import type { Value, ValueObject } from "./value";

/** The data that an expression can read. It is looked up on each use, because a running pipeline changes it. */
export interface ExpressionScope {
  /** `pipeline()`: system variables, parameters and global parameters. */
  pipeline(): ValueObject;
  /** `activity('name')`: `{output, status, error}`; undefined if no activity of that name has ended. */
  activity(name: string): Value | undefined;
  /** `variables('name')`. */
  variable(name: string): Value | undefined;
  /** `item()`; undefined outside a loop. */
  item(): Value | undefined;
  /** `dataset()`: the dataset's parameters; undefined outside a dataset. */
  dataset(): ValueObject | undefined;
  /** `linkedService()`: the linked service's parameters; undefined outside a linked service. */
  linkedService(): ValueObject | undefined;
}
