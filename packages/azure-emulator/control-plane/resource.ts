/** A resource as Azure Resource Manager shows it. Ids compare without regard to case and keep their spelling. */
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
  /** ARM's `properties`, in ARM's (nested) shape; Data Factory objects as Studio writes them, `typeProperties` included. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What a client sends with PUT: a resource without what the path already says. */
export type ArmBody = Omit<Partial<ArmResource>, "id" | "type" | "name">;

export interface ArmIdentity {
  readonly type: string;
  readonly principalId?: string;
  readonly tenantId?: string;
  /** By resource id of the user-assigned identity. */
  readonly userAssignedIdentities?: Readonly<Record<string, { principalId?: string; clientId?: string }>>;
}

/** A resource that came, changed or went. */
export interface ResourceChange {
  readonly kind: "set" | "removed";
  /** As it is now, or as it was last. */
  readonly resource: ArmResource;
}

/** Keeps every resource, on disk, so that a killed process finds them again. */
export interface ResourceStore {
  get(id: string): ArmResource | undefined;
  /** Resources of a type (case-insensitive) and/or at or under an id. */
  list(filter?: { readonly type?: string; readonly under?: string }): ArmResource[];
  /** Resolves once the resource is on disk. */
  set(resource: ArmResource): Promise<void>;
  remove(id: string): Promise<void>;
  /** Calls the listener after each change. Returns the function that ends it. */
  subscribe(listener: (change: ResourceChange) => void): () => void;
}

export { parentId, sameId } from "./resource-id";
