/** A resource as Resource Manager shows it, as far as the program reads it. */
export interface LiveResource {
  readonly id?: string;
  readonly location?: string;
  readonly kind?: string;
  readonly sku?: { readonly name?: string; readonly capacity?: number } | null;
  readonly tags?: Readonly<Record<string, string>> | null;
  readonly identity?: { readonly type?: string; readonly principalId?: string } | null;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** What of the tenant decides whether a resource fits. */
export interface Wanted {
  /** The tenant. */
  readonly stack: string;
  readonly location: string;
  readonly subscriptionId: string;
  /** The directory of the deployment. */
  readonly tenantId: string;
  /** Object id of the setting `sqlAdmin`. */
  readonly sqlAdmin: string;
  /** With `network: private`. */
  readonly isPrivate?: true;
  /** Of the network that is made. */
  readonly addressSpace?: string;
  /** Ids of the subnets that are given, for the kinds of networks. */
  readonly subnets?: readonly string[];
}

/** Values of a resource that the program passes on, by name. */
export type Facts = Readonly<Record<string, string>>;

/** What lies around a resource, by the names of {@link Kind.around}; undefined if it cannot be read, so that nothing is known of it. */
export type Around = Readonly<
  Record<string, (LiveResource & { readonly value?: readonly LiveResource[] }) | undefined>
>;

/** Where something is read: a resource or a list. */
export interface Place {
  readonly id: string;
  readonly apiVersion: string;
}

/** One kind of resource that a tenant may use instead of making it. */
export interface Kind {
  /** Resource Manager's type; undefined for a resource group. */
  readonly type: string;
  readonly apiVersion: string;
  /** Azure takes it in the tenant's region only. */
  readonly inRegion?: true;
  /** The program makes resources in it, and azure-native makes them in the deployment's subscription only. */
  readonly inSubscription?: true;
  /** The rights that whoever deploys needs at it. */
  readonly needs?: (wanted: Wanted) => readonly string[];
  /** What else is read, because it decides too. `home`: it has the region and the tags that the resource itself does not show. */
  readonly around?: (id: string, wanted: Wanted) => Readonly<Record<string, Place>>;
  readonly facts?: (resource: LiveResource) => Facts;
  /** Why it does not fit, each as the end of a sentence that begins with its id. */
  readonly faults?: (
    resource: LiveResource,
    wanted: Wanted,
    around: Around,
  ) => readonly (string | undefined)[];
}

export const property = ({ properties = {} }: LiveResource, name: string) => properties[name];
export const textOf = (resource: LiveResource, name: string) => String(property(resource, name) ?? "");
export const faultIf = (isWrong: boolean, fault: string) => (isWrong ? fault : undefined);
export const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
/** The id of the resource above, such as the network of a subnet. */
export const parentOf = (id: string) => id.split("/").slice(0, -2).join("/");

/** The name of the resource group that a resource lies in; empty for one that lies in none. */
export const groupNameOf = (id: string) => /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? "";

/** The tenant whose stack made a resource, by the tags that the program gives. */
export function makerOf({ tags }: LiveResource): string | undefined {
  const found = new Map(Object.entries(tags ?? {}).map(([name, tag]) => [name.toLowerCase(), tag]));
  return found.get("project") === "quantemplate" ? found.get("tenant") : undefined;
}
