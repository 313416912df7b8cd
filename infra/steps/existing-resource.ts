import { QtError } from "../../errors/qt-error";
import { normalRegion } from "../../packages/azure-resource-types";
import { type ExistingKind, type Facts, kindOf, type LiveResource, type Wanted } from "../existing/kinds";
import { ArmCallError, type AzureSession, orAbsent } from "./azure-session";
import type { StepDefinition } from "./step-definition";

export interface ExistingResourceInputs extends Wanted {
  readonly kind: ExistingKind;
  readonly id: string;
  /** The tenant. */
  readonly stack: string;
  readonly location: string;
  readonly subscriptionId: string;
  /** What the check read; a change of it shows as a change of the step. */
  readonly facts?: Facts;
}

/**
 * Reads a resource that is not the stack's, and refuses one that does not fit, in each preview and before anything is made. It changes
 * nothing in Azure, and there is nothing to remove.
 */
export const existingResource: StepDefinition<ExistingResourceInputs, Readonly<Record<string, never>>> = {
  replaceOn: ["kind", "id"],
  async observe(inputs, azure) {
    const resource = await read(inputs, azure);
    refuseOthers(inputs, resource);
    return { ...inputs, facts: factsOf(inputs, resource) };
  },
  ensure: async () => ({ result: {} }),
  async read(inputs, azure) {
    const resource = await find(inputs, azure);
    return resource && { ...inputs, facts: factsOf(inputs, resource) };
  },
};

const factsOf = ({ kind }: ExistingResourceInputs, resource: LiveResource): Facts =>
  kindOf(kind).facts?.(resource) ?? {};

function find({ kind, id }: ExistingResourceInputs, azure: AzureSession): Promise<LiveResource | undefined> {
  return orAbsent(azure.arm<LiveResource>("GET", id, { apiVersion: kindOf(kind).apiVersion }));
}

/** @throws QtError QT1260, QT1261 */
async function read(inputs: ExistingResourceInputs, azure: AzureSession): Promise<LiveResource> {
  const resource = await find(inputs, azure).catch((error: unknown) => {
    if (!(error instanceof ArmCallError) || ![401, 403].includes(error.status)) throw error;
    throw new QtError("QT1261", { ...named(inputs), reason: error.message }, { cause: error });
  });
  if (resource === undefined) throw new QtError("QT1260", named(inputs));
  return resource;
}

/** @throws QtError QT1262 to QT1265 */
function refuseOthers(inputs: ExistingResourceInputs, resource: LiveResource): void {
  const { kind, id, location, stack, subscriptionId } = inputs;
  const { inRegion, inSubscription, faults } = kindOf(kind);
  const [, subscription = subscriptionId] = /^\/subscriptions\/([^/]+)\//i.exec(id) ?? [];
  if (inSubscription && subscription.toLowerCase() !== subscriptionId.toLowerCase())
    throw new QtError("QT1265", { ...named(inputs), subscription, deployment: subscriptionId });
  if (inRegion && normalRegion(resource.location ?? "") !== normalRegion(location))
    throw new QtError("QT1262", { ...named(inputs), region: resource.location ?? "none", location });
  const tags = new Map(Object.entries(resource.tags ?? {}).map(([name, tag]) => [name.toLowerCase(), tag]));
  if (tags.get("project") === "quantemplate" && tags.has("tenant"))
    throw new QtError("QT1264", { ...named(inputs), stack, owner: tags.get("tenant") ?? "" });
  const found = faults?.(resource, inputs).filter((fault) => fault !== undefined) ?? [];
  if (found.length > 0) throw new QtError("QT1263", { ...named(inputs), faults: found.join("; it ") });
}

function named({ kind, id }: ExistingResourceInputs) {
  const name = id.slice(id.lastIndexOf("/") + 1);
  const command =
    kind === "resourceGroup" ? `az group show --name ${name}` : `az resource show --ids "${id}"`;
  return { setting: `quantemplate:existing.${kind}`, id, command };
}
