/** How one type of Azure resource lies in Resource Manager, what Azure does with it, and what its loss means. */
export interface ResourceTypeDescriptor {
  /** Resource Manager's name of the type, in its spelling: `Microsoft.Sql/servers/databases`. */
  readonly type: string;
  /** The version of the REST API that the azure-native SDK of package.json sends by default; a test compares the two. */
  readonly apiVersion: string;
  /**
   * azure-native's tokens of the type, without a version, and the id template of each. `{x}` is the input `x`; a template that
   * begins with neither `/` nor a scope lies in a resource group. Empty: no program can name the type, only REST.
   */
  readonly tokens: Readonly<Record<string, string>>;
  /** What stands behind it in the emulator. */
  readonly runs: Runs;
  /** HTTP status of a PUT. Default: {@link usualPutStatus}. */
  readonly putStatus?: PutStatus;
  /** Takes a region; without one in the program, the provider's `location` or the resource group's is used. */
  readonly location?: true;
  /** Its name is a GUID, which a program computes and azure-native invents if there is none. */
  readonly guidName?: true;
  /** Azure has no DELETE for it; it goes with its parent. */
  readonly neverDeleted?: true;

  /** azure-native keeps `properties` as one input; otherwise its members are inputs themselves. */
  readonly container?: true;
  /** Inputs that look like envelope members and belong below `properties`. */
  readonly inProperties?: readonly string[];
  /** azure-native's spelling → Resource Manager's, by input path (arrays are passed through). */
  readonly renames?: Readonly<Record<string, string>>;
  /** Data Factory: `typeProperties` are hoisted. */
  readonly studio?: StudioKind;

  /** Inputs, besides location and what the id is made of, that Azure does not change on an existing resource. */
  readonly createOnly?: readonly string[];
  /** Input paths that hold a secret although their name does not tell. */
  readonly secretInputs?: readonly string[];
  /** Dotted paths below `properties`, in Resource Manager's spelling, that a PUT takes and a GET never answers. */
  readonly writeOnly?: readonly string[];
  /** Members of `properties` that Azure fills in, as far as programs read them, with what a dry run gives in its place. */
  readonly filledIn?: Readonly<Record<string, DryRunValue>>;

  /** What a deletion or a replacement means. Left out: nothing that a deployment would not make again. */
  readonly loss?: LossWords;
}

/**
 * `service`: one service of the emulator does what the resource says. `passive`: it is stored and answered, nothing runs behind it.
 * `nowhere`: it is only described; the emulator refuses to preview and to deploy it.
 */
export type Runs = "service" | "passive" | "nowhere";

export interface PutStatus {
  readonly created: number;
  readonly updated: number;
}

/** What Resource Manager answers if a type does not say otherwise. */
export const usualPutStatus: PutStatus = { created: 201, updated: 200 };

/** The kinds of Data Factory object whose `typeProperties` azure-native hoists. */
export type StudioKind = "pipeline" | "linkedService" | "dataset" | "trigger";

/** What a dry run knows of a resource. */
export interface DryRunResource {
  readonly id: string;
  readonly name: string;
}

/** The value, the same each time for the same resource; `unknown`: a dry run has none. */
export type DryRunValue = "unknown" | ((resource: DryRunResource) => unknown);

/**
 * Clauses without their full stop, so that a product can say what follows for it. `{whose}` stands for the owner: "tenant acme".
 */
export interface LossWords {
  /** Of deleting it, and of replacing it if nothing else is said. */
  readonly gone?: string;
  readonly replaced?: string;
  /** What Azure keeps of a deleted one and for how long: a sentence. */
  readonly kept?: string;
  /** Only configuration is lost. */
  readonly configOnly?: true;
}

/** A type as one token of azure-native names it. */
export interface TokenDescriptor extends ResourceTypeDescriptor {
  readonly token: string;
  /** The token's id template. */
  readonly path: string;
}
