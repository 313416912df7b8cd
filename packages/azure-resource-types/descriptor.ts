/** One type of Azure resource: its place in Resource Manager, what Azure does with it, and what its loss means. */
export interface ResourceTypeDescriptor {
  /** Resource Manager's name of the type, in its spelling: `Microsoft.Sql/servers/databases`. */
  readonly type: string;
  /** The version of the REST API that the azure-native SDK of package.json sends by default; a test compares the two. */
  readonly apiVersion: string;
  /**
   * azure-native's tokens of the type, without a version, and the id template of each. `{x}` is the input `x`. A template that
   * begins with neither `/` nor a scope is relative to a resource group. Empty if no program can name the type, only REST.
   */
  readonly tokens: Readonly<Record<string, string>>;
  /** What runs it in the emulator. */
  readonly runs: Runs;
  /** The HTTP status of a PUT. Default: {@link usualPutStatus}. A 202 needs {@link ResourceTypeDescriptor.operations}. */
  readonly putStatus?: PutStatus;
  /** What a client polls after a 202. */
  readonly operations?: OperationAddresses;
  /**
   * Actions of polls that Azure may ask for, by the operations that its reference of permissions lists, although the emulator ends the
   * operation at once (https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations).
   */
  readonly polls?: readonly string[];
  /** A DELETE answers 202 and ends later; otherwise it answers 200 once it is done, and 204 if nothing was there. */
  readonly deletedLater?: true;
  /**
   * The data action with which it is deleted, over the data plane of its parent: Resource Manager has no DELETE for it, and azure-native
   * deletes it there (github.com/pulumi/pulumi-azure-native, provider/pkg/resources/customresources/custom_keyvault.go).
   */
  readonly deletedByData?: string;
  /** The rights that a PUT needs at other resources, which the body names. */
  readonly linked?: readonly LinkedRight[];
  /** Only `POST {id}/list` shows what azure-native's tokens of the type name, so that azure-native reads it with `<type>/list/action`. */
  readonly readByList?: true;
  /** The member beside `properties` that shows the entity tag. Left out: the type has none, and conditions of a request do not matter. */
  readonly etag?: "etag" | "eTag";
  /** Members of `properties` that show when it was made and when it last changed. */
  readonly times?: { readonly created?: string; readonly changed?: string };
  /** Azure shows `systemData`: by whom and when it was made and changed. */
  readonly systemData?: true;
  /** Takes a region; without one in the program, the provider's `location` or the resource group's is used. */
  readonly location?: true;
  /** Its name is a GUID, which the program computes; azure-native generates one if it is left out. */
  readonly guidName?: true;
  /** Azure has no DELETE for it; it is deleted with its parent. */
  readonly neverDeleted?: true;
  /**
   * The `properties` that azure-native PUTs in place of a deletion of what is {@link neverDeleted}: Azure's defaults
   * (github.com/pulumi/pulumi-azure-native, provider/pkg/provider/provider.go, Delete of a singleton).
   */
  readonly resetTo?: Readonly<Record<string, unknown>>;
  /** Only one change of the whole, which is the resource or its parent, may run at a time: Azure refuses another one with 409. */
  readonly oneChangeOf?: "itself" | "parent";

  /**
   * The `properties` with which Azure makes it together with its parent: azure-native's create takes it over in this state and refuses it in
   * any other (pulumi-azure-native, provider/pkg/openapi/defaults/defaultResourcesState.go). Left out: Azure does not make it, or azure-native
   * does not know.
   */
  readonly defaultState?: Readonly<Record<string, unknown>>;

  /** azure-native has `properties` as one input; otherwise the members of `properties` are inputs. */
  readonly container?: true;
  /** Inputs that look like members of the envelope but belong below `properties`. */
  readonly inProperties?: readonly string[];
  /** azure-native's spelling → Resource Manager's, by input path (arrays are passed through). */
  readonly renames?: Readonly<Record<string, string>>;
  /**
   * azure-native flattens `properties` of the objects below the resource's own too, such as those of a network's subnets
   * (`x-ms-client-flatten` in azure-rest-api-specs, Microsoft.Network). The type's shape says which they are.
   */
  readonly flattensItems?: true;
  /**
   * Lists of children that a program may make as resources of their own: without them among the inputs, azure-native does not read them
   * (github.com/pulumi/pulumi-azure-native/issues/611 and 3049, `removeUnsetSubResourceProperties`).
   */
  readonly madeApart?: readonly string[];
  /** Data Factory: `typeProperties` are hoisted. */
  readonly studio?: HoistedKind;

  /**
   * Inputs whose change replaces the resource, in addition to the location and the parts of the id: as azure-native decides it, those
   * whose `x-ms-mutability` in azure-rest-api-specs has `create` and no `update`, and those of its own list
   * (pulumi-azure-native, provider/pkg/gen/replacement.go). It looks at properties and their members, no deeper
   * (provider/pkg/provider/diff.go). Everything else is updated, though Azure may refuse that.
   */
  readonly createOnly?: readonly string[];
  /**
   * The file of azure-rest-api-specs, below `specification/`, in which `x-ms-mutability` of the whole body was read. Left out: it was
   * not read.
   */
  readonly mutabilityFrom?: string;
  /** Input paths that hold a secret although their name does not show it. */
  readonly secretInputs?: readonly string[];
  /** Dotted paths below `properties`, in Resource Manager's spelling, that a PUT accepts and a GET never returns. */
  readonly writeOnly?: readonly string[];
  /**
   * Children whose properties azure-native's Read shows as a property of the resource, by that property
   * (github.com/pulumi/pulumi-azure-native, provider/pkg/resources/customresources/custom_webapp.go).
   */
  readonly readsInto?: Readonly<Record<string, string>>;
  /** Members of `properties` that Azure fills in and programs read, with the value that a dry run uses instead. */
  readonly filledIn?: Readonly<Record<string, DryRunValue>>;

  /** What a deletion or a replacement means. Left out if the next deployment restores everything. */
  readonly loss?: LossWords;
}

/**
 * `service`: one service of the emulator runs what the resource describes. `passive`: it is stored and returned; nothing runs.
 * `nowhere`: it is only described; the emulator refuses to preview and to deploy it.
 */
export type Runs = "service" | "passive" | "nowhere";

export interface PutStatus {
  readonly created: number;
  readonly updated: number;
}

/** A right that is needed at each resource that a body names at a path. */
export interface LinkedRight {
  /** Dotted; `*` is each item or member. It leads to an id, a list of ids, or an object whose keys are ids. */
  readonly path: string;
  readonly action: string;
}

/** The segments of a provider's own addresses, below `…/providers/<namespace>/locations/<region>/`. */
export interface OperationAddresses {
  /** Of the header `Location`: answers 202 until the operation ends, then what the request asked for. */
  readonly results: string;
  /** Of the header `Azure-AsyncOperation`: answers 200 with the operation's status. Left out: there is no such header. */
  readonly statuses?: string;
}

/** Resource Manager's status of a PUT, unless a type has its own. */
export const usualPutStatus: PutStatus = { created: 201, updated: 200 };

/** The kinds of Data Factory object whose `typeProperties` azure-native hoists. */
export type StudioKind = "pipeline" | "linkedService" | "dataset" | "trigger";

/** Every kind of which azure-native hoists `typeProperties`: an integration runtime too, which no file of Studio's is of here. */
export type HoistedKind = StudioKind | "integrationRuntime";

/** The facts that a dry run has about a resource. */
export interface DryRunResource {
  readonly id: string;
  readonly name: string;
}

/** A value that is always the same for the same resource; `unknown` if a dry run has none. */
export type DryRunValue = "unknown" | ((resource: DryRunResource) => unknown);

/**
 * Clauses without a full stop, so that a product can add what follows for it. `{whose}` is the owner: "tenant acme".
 */
export interface LossWords {
  /** The effect of a deletion, and of a replacement if `replaced` is left out. */
  readonly gone?: string;
  readonly replaced?: string;
  /** A sentence: what Azure keeps after a deletion, and for how long. */
  readonly kept?: string;
  /** Only configuration is lost. */
  readonly configOnly?: true;
}

/** A type under one of azure-native's tokens. */
export interface TokenDescriptor extends ResourceTypeDescriptor {
  readonly token: string;
  /** The token's id template. */
  readonly path: string;
}
