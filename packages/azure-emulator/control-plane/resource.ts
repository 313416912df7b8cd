/** A resource as Azure Resource Manager shows it. Ids keep their spelling; comparisons ignore case. */
export interface ArmResource {
  readonly id: string;
  /** `Microsoft.Sql/servers/databases` */
  readonly type: string;
  /** Last segment of the id. */
  readonly name: string;
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly kind?: string;
  readonly sku?: Readonly<Record<string, unknown>>;
  readonly identity?: ArmIdentity;
  /** Who made and changed it, and when. The store keeps the times; GET shows it for the types that Azure shows it for. */
  readonly systemData?: SystemData;
  /** ARM's `properties`, in ARM's (nested) shape; Data Factory objects as Studio writes them, `typeProperties` included. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Resource Manager's `systemData` (azure-rest-api-specs, specification/common-types/resource-management/v5/types.json). */
export interface SystemData {
  /** ISO 8601. The store sets both times; only what an older version stored has none. */
  readonly createdAt?: string;
  readonly lastModifiedAt?: string;
  /** Client id. */
  readonly createdBy?: string;
  readonly createdByType?: PrincipalKind;
  readonly lastModifiedBy?: string;
  readonly lastModifiedByType?: PrincipalKind;
}

type PrincipalKind = "Application" | "ManagedIdentity";

/** The body of a PUT: a resource without what the path and Resource Manager already give. */
export type ArmBody = Omit<Partial<ArmResource>, "id" | "type" | "name" | "systemData">;

export interface ArmIdentity {
  readonly type: string;
  readonly principalId?: string;
  readonly tenantId?: string;
  /** By resource id of the user-assigned identity. */
  readonly userAssignedIdentities?: Readonly<Record<string, { principalId?: string; clientId?: string }>>;
}

/** A resource that was created, changed or removed. */
export interface ResourceChange {
  readonly kind: "set" | "removed";
  /** The resource as it is now, or as it was before its removal. */
  readonly resource: ArmResource;
}

/** Keeps every resource on disk, so that they survive a kill. */
export interface ResourceStore {
  get(id: string): ArmResource | undefined;
  /** Resources of a type (case-insensitive) and/or at or under an id. */
  list(filter?: { readonly type?: string; readonly under?: string }): ArmResource[];
  /** Resolves once the resource is on disk, with the times of its creation and of this change in `systemData`. */
  set(resource: ArmResource): Promise<void>;
  remove(id: string): Promise<void>;
  /** Calls the listener after each change. Returns the function that ends the subscription. */
  subscribe(listener: (change: ResourceChange) => void): () => void;
}

export { parentId, sameId } from "./resource-id";
