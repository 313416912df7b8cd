/** A resource of a stack's state, as `pulumi stack export` shows it. Only what a repair looks at. */
export interface StackResource {
  readonly urn: string;
  readonly type: string;
  /** Absent until it is created. */
  readonly id?: string;
  /** Secrets are encrypted. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** A preview's may be unknown, and a creation has none yet. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly parent?: string;
  /** `<urn>::<id>` */
  readonly provider?: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
  readonly deletedWith?: string;
  /** Its replacement exists, and it waits to be deleted. */
  readonly delete?: boolean;
  /** It is deleted, and waits for its replacement. */
  readonly pendingReplacement?: boolean;
  /** Pulumi updates a resource that has some, even if the program did not change. */
  readonly initErrors?: readonly string[];
}

/** What Pulumi had begun and not recorded as done when it was killed. */
interface PendingOperation {
  readonly resource: StackResource;
  readonly type: "creating" | "updating" | "deleting" | "reading" | "importing";
}

/** The `deployment` of an exported stack. */
export interface StackState {
  readonly resources?: readonly StackResource[];
  readonly pending_operations?: readonly PendingOperation[];
}

/**
 * The id under which the cloud has a resource that was being created, undefined if it has none. Undefined also for what nobody can look for:
 * a provider, a random value, a step. Their creation can be repeated.
 */
export type FindInCloud = (resource: StackResource) => Promise<string | undefined>;

/** What became of the operations of a killed deployment. */
export interface Repair<State extends StackState = StackState> {
  /** Without pending operations. */
  readonly state: State;
  /** URNs of the resources that were created and that the state now knows. */
  readonly adopted: readonly string[];
  /** URNs of the resources that the next deployment writes again, adopted ones too. */
  readonly again: readonly string[];
}

/** True if a deployment of the stack was killed. */
export function isInterrupted({ pending_operations: pending }: StackState): boolean {
  return (pending ?? []).length > 0;
}

/**
 * Brings the state of a killed deployment to what the cloud has. A resource that was being created, and exists, joins the state; azure-native
 * would otherwise refuse to create it ("cannot create already existing resource"). Whatever an operation was begun for, and may or may not have
 * happened to, gets an `initErrors`, so that the next `up` writes it again: that completes a creation and an update, and brings back what a
 * deletion took. Pulumi's own repair, `pulumi refresh`, leaves pending creations to a person
 * (https://www.pulumi.com/docs/support/troubleshooting/faq/#how-do-i-recover-from-an-interrupted-update).
 */
export async function repairInterrupted<State extends StackState>(
  state: State,
  find: FindInCloud,
): Promise<Repair<State>> {
  const { pending_operations: pending = [], ...rest } = state;
  let resources = [...(state.resources ?? [])];
  const adopted: string[] = [];
  const again: string[] = [];
  for (const { resource, type } of pending) {
    const { urn } = resource;
    const id = type === "creating" ? await find(resource) : resource.id;
    if (id === undefined || type === "reading" || type === "importing") continue;
    const isIt = (known: StackResource) => known.urn === urn && known.id === id && !known.delete;
    if (type === "creating" && !resources.some(isIt)) {
      resources = withCreated(resources, { ...resource, id, outputs: {} });
      adopted.push(urn);
    }
    if (!resources.some(isIt)) continue;
    const initErrors = [`interrupted while ${type}`];
    resources = resources.map((known) => (isIt(known) ? { ...known, initErrors } : known));
    again.push(urn);
  }
  return { state: { ...rest, resources } as unknown as State, adopted, again };
}

/** What Pulumi would have recorded: behind all that the resource needs, in front of the one that it replaces. */
function withCreated(resources: readonly StackResource[], created: StackResource): StackResource[] {
  const { urn } = created;
  const needed = needs(created);
  const isNeeded = (known: StackResource) => needed.has(known.urn) && known.urn !== urn;
  const others = resources
    // Deleted for its replacement, which is here now.
    .filter((known) => !(known.urn === urn && known.pendingReplacement))
    .map((known) => (known.urn === urn ? { ...known, delete: true } : known));
  const last = others.reduce((found, known, index) => (isNeeded(known) ? index : found), -1);
  return [...others.slice(0, last + 1), created, ...others.slice(last + 1)];
}

/** URNs of all that must come before a resource in a state. */
function needs(resource: StackResource): ReadonlySet<string> {
  const { parent, provider, dependencies = [], propertyDependencies = {}, deletedWith } = resource;
  const providerUrn = provider?.slice(0, provider.lastIndexOf("::"));
  const all = [
    parent,
    providerUrn,
    deletedWith,
    ...dependencies,
    ...Object.values(propertyDependencies).flat(),
  ];
  return new Set(all.filter((urn) => typeof urn === "string"));
}
