/** What a preview would do to one resource. `import` takes over an existing one. */
export type Operation = "create" | "update" | "replace" | "delete" | "import";

/** In order of severity, the severest first; everything is listed in this order. */
export const operations: readonly Operation[] = ["delete", "replace", "update", "create", "import"];

/** Replaces a secret value. */
export const MASK = "[secret]";

/** One stack's preview, from any source. Contains no secrets. */
export interface StackChanges {
  /** Stack name: the tenant. */
  readonly stack: string;
  readonly steps: readonly ResourceStep[];
  /** Why the preview is incomplete, as the engine reports it; empty if it is complete. */
  readonly problems: readonly string[];
  /** More about the stack, each a sentence or two. Notes do not make the preview incomplete. */
  readonly notes?: readonly string[];
  /** The tenant's own names by kind (`tenant`, `resourceGroup`): they may differ between two equal changes. */
  readonly own: Readonly<Record<string, string>>;
}

export interface ResourceStep {
  readonly op: Operation;
  readonly urn: string;
  /** Type token, `azure-native:sql:Database`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** The project's file for the resource, if there is one: `adf-definitions/pipeline/QT_fetch_data.json`. */
  readonly file?: string;
  /** True if Pulumi refuses to delete or replace it. */
  readonly protect: boolean;
  /** True if Pulumi only forgets it on a delete: it stays in Azure. */
  readonly retainOnDelete: boolean;
  /** How many old copies, left by interrupted runs, it deletes, apart from what happens to the resource itself. */
  readonly leftover?: number;
  /**
   * Of a replacement that may turn out to be none: all its causes are values that are known only after the deployment. Names of the resources
   * that have these values today; empty if none shows them.
   */
  readonly awaits?: readonly string[];
  /** Changes by path; none for a delete. */
  readonly changes: readonly PropertyChange[];
  /** Effects of these changes beyond those of the resource's type; the severest first. */
  readonly effects?: readonly Effect[];
}

/** A sentence or more. */
export interface Effect {
  readonly text: string;
  /** True if data, an address or a right is lost, or data has to be loaded or sent again; false for configuration only. */
  readonly severe: boolean;
}

export interface PropertyChange {
  /** Pulumi's property path, `sku.capacity`, up to the first list; or a file of the project. */
  readonly path: string;
  readonly kind: "add" | "update" | "delete";
  /**
   * `value`: JSON on one line. `text`: lines, shown as a diff. `name`: the path says everything, for instance a SQL file that will
   * run.
   */
  readonly form: "value" | "text" | "name";
  /** Absent with `add` and with the form `name`. */
  readonly before?: string;
  /** Absent with `delete` and with the form `name`. */
  readonly after?: string;
  /** True if the value is secret: before and after are masked. */
  readonly secret: boolean;
  /** True if this change causes the replacement. */
  readonly replaces: boolean;
}

/** Orders by code units: the same on every machine and in every language. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
