/** What a preview would do to one resource. `import` takes over what exists already. */
export type Operation = "create" | "update" | "replace" | "delete" | "import";

/** From the severest to the lightest; everything is listed in this order. */
export const operations: readonly Operation[] = ["delete", "replace", "update", "create", "import"];

/** What stands in place of a value that nobody may read. */
export const MASK = "[secret]";

/** One stack's preview, whichever way it was made. Holds no secret. */
export interface StackChanges {
  /** Stack name: the tenant. */
  readonly stack: string;
  readonly steps: readonly ResourceStep[];
  /** Why the preview is not whole, as the engine tells it; empty where it is. */
  readonly problems: readonly string[];
  /** What else is to be known of the stack, each a sentence or two; it makes nothing incomplete. */
  readonly notes?: readonly string[];
  /** The tenant's own names by what they name (`tenant`, `resourceGroup`): what may differ between two equal changes. */
  readonly own: Readonly<Record<string, string>>;
}

export interface ResourceStep {
  readonly op: Operation;
  readonly urn: string;
  /** Type token, `azure-native:sql:Database`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** The project's file that the resource is made of, where there is one: `adf-definitions/pipeline/QT_fetch_data.json`. */
  readonly file?: string;
  /** Pulumi refuses to delete or replace it. */
  readonly protect: boolean;
  /** Deleting it forgets it only; it stays in Azure. */
  readonly retainOnDelete: boolean;
  /** It deletes this many old ones that interrupted runs left, beside whatever happens to the resource itself. */
  readonly leftover?: number;
  /** By path; of a delete there are none. */
  readonly changes: readonly PropertyChange[];
  /** What these changes do beside what the resource's type tells; the severest first. */
  readonly effects?: readonly Effect[];
}

/** A sentence or more. */
export interface Effect {
  readonly text: string;
  /** Data, an address or a right is lost, or data has to be loaded or sent again: not only configuration. */
  readonly severe: boolean;
}

export interface PropertyChange {
  /** Pulumi's property path, `sku.capacity`, up to the first list; or a file of the project. */
  readonly path: string;
  readonly kind: "add" | "update" | "delete";
  /**
   * `value`: JSON of one line. `text`: lines, to be read as a diff. `name`: the path alone says it, for instance a SQL file
   * that will run.
   */
  readonly form: "value" | "text" | "name";
  /** Absent with `add` and with the form `name`. */
  readonly before?: string;
  /** Absent with `delete` and with the form `name`. */
  readonly after?: string;
  /** The value is secret: before and after are the mask. */
  readonly secret: boolean;
  /** This is why the resource is replaced. */
  readonly replaces: boolean;
}

/** Order of code units: the same on every machine and in every language. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
