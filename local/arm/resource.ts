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

/** Keeps every resource, on disk, so that a killed process finds them again. */
export interface ResourceStore {
  get(id: string): ArmResource | undefined;
  /** Resources of a type (case-insensitive) and/or at or under an id. */
  list(filter?: { readonly type?: string; readonly under?: string }): ArmResource[];
  set(resource: ArmResource): Promise<void>;
  remove(id: string): Promise<void>;
}

/** The id without its last type/name pair (`…/servers/s/databases/d` → `…/servers/s`). */
export function parentId(id: string): string {
  return id.split("/").slice(0, -2).join("/");
}

/** True where the ids name the same resource. */
export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
