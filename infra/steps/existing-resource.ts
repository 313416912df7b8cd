import { QtError } from "../../errors/qt-error";
import { normalRegion } from "../../packages/azure-resource-types";
import {
  type Around,
  type Facts,
  groupNameOf,
  type LiveResource,
  makerOf,
  type Place,
  type Wanted,
} from "../existing/kind";
import { type ExistingKind, kindOf } from "../existing/kinds";
import { ArmCallError, type AzureSession, orAbsent } from "./azure-session";
import { missingAt } from "./held-rights";
import type { StepDefinition } from "./step-definition";

const GROUPS_VERSION = "2024-03-01";

export interface ExistingResourceInputs extends Wanted {
  readonly kind: ExistingKind;
  readonly id: string;
  /** What the check read; a change of it shows as a change of the step. */
  readonly facts?: Facts;
}

/**
 * Reads a resource that is not the stack's, and refuses one that does not fit, in each preview and before anything is made. It changes
 * nothing in Azure, and there is nothing to remove. A preview may run as somebody who reads only; so whoever has none of the rights that a
 * deployment needs at the resource is refused when it deploys.
 */
export const existingResource: StepDefinition<ExistingResourceInputs, Readonly<Record<string, never>>> = {
  replaceOn: ["kind", "id"],
  async observe(inputs, azure) {
    const [resource, around, missing] = await Promise.all([
      read(inputs, azure),
      readAround(inputs, azure),
      missingRights(inputs, azure),
    ]);
    refuseOthers(inputs, resource, around);
    refuseMissing(inputs, missing.length < neededAt(inputs).length ? missing : []);
    return { ...inputs, facts: factsOf(inputs, resource) };
  },
  async ensure(inputs, azure) {
    refuseMissing(inputs, await missingRights(inputs, azure));
    return { result: {} };
  },
  async read(inputs, azure) {
    const resource = await orAbsent(get(inputs, azure));
    return resource && { ...inputs, facts: factsOf(inputs, resource) };
  },
};

const factsOf = ({ kind }: ExistingResourceInputs, resource: LiveResource): Facts =>
  kindOf(kind).facts?.(resource) ?? {};

/** A subscription of another directory, or one that does not exist: Azure does not tell which. */
const ELSEWHERE = /\b(?:SubscriptionNotFound|InvalidAuthenticationTokenTenant)\b/;

function get({ kind, id }: ExistingResourceInputs, azure: AzureSession): Promise<LiveResource> {
  return azure.arm<LiveResource>("GET", id, { apiVersion: kindOf(kind).apiVersion });
}

/** @throws QtError QT1260, QT1261, QT1270 */
async function read(inputs: ExistingResourceInputs, azure: AzureSession): Promise<LiveResource> {
  const resource = await get(inputs, azure).catch((error: unknown) => {
    if (!(error instanceof ArmCallError)) throw error;
    if (ELSEWHERE.test(error.message))
      throw new QtError("QT1270", { ...named(inputs), reason: error.message }, { cause: error });
    if (error.status === 404) return undefined;
    if (![401, 403].includes(error.status)) throw error;
    throw new QtError("QT1261", { ...named(inputs), reason: error.message }, { cause: error });
  });
  if (resource === undefined) throw new QtError("QT1260", named(inputs));
  return resource;
}

/** What decides too: its resource group, and what its kind names. */
export function placesAround(inputs: Wanted & Pick<ExistingResourceInputs, "kind" | "id">) {
  const { kind, id } = inputs;
  const [, group = ""] = /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+)\/./i.exec(id) ?? [];
  const places: Record<string, Place> = {
    ...kindOf(kind).around?.(id, inputs),
    ...(group !== "" && { group: { id: group, apiVersion: GROUPS_VERSION } }),
  };
  return places;
}

/** What cannot be read is not judged. */
async function readAround(inputs: ExistingResourceInputs, azure: AzureSession): Promise<Around> {
  const found = Object.entries(placesAround(inputs)).map(async ([name, { id, apiVersion }]) => {
    return [name, await unlessHidden(azure.arm<LiveResource>("GET", id, { apiVersion }))] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

async function unlessHidden<Body>(call: Promise<Body>): Promise<Body | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ArmCallError && [401, 403, 404].includes(error.status)) return undefined;
    throw error;
  }
}

/** @throws QtError QT1262 to QT1265, QT1272 */
function refuseOthers(inputs: ExistingResourceInputs, resource: LiveResource, around: Around): void {
  const { kind, id, location, stack, subscriptionId } = inputs;
  const { inRegion, inSubscription, faults } = kindOf(kind);
  const [, subscription = subscriptionId] = /^\/subscriptions\/([^/]+)\//i.exec(id) ?? [];
  if (inSubscription && subscription.toLowerCase() !== subscriptionId.toLowerCase())
    throw new QtError("QT1265", { ...named(inputs), subscription, deployment: subscriptionId });
  const region = resource.location ?? around.home?.location;
  // A subnet shows no region; its network, which has it, may not be readable.
  const isElsewhere = region === undefined ? around.home !== undefined : !sameRegion(region, location);
  if (inRegion && isElsewhere)
    throw new QtError("QT1262", { ...named(inputs), region: region ?? "none", location });
  const owner = makerOf(resource) ?? (around.home && makerOf(around.home));
  if (owner !== undefined) throw new QtError("QT1264", { ...named(inputs), stack, owner });
  const groupOwner = around.group && makerOf(around.group);
  if (groupOwner !== undefined)
    throw new QtError("QT1272", { ...named(inputs), stack, owner: groupOwner, group: groupNameOf(id) });
  const found = faults?.(resource, inputs, around).filter((fault) => fault !== undefined) ?? [];
  if (found.length > 0) throw new QtError("QT1263", { ...named(inputs), faults: found.join("; it ") });
}

const sameRegion = (one: string, other: string) => normalRegion(one) === normalRegion(other);
const neededAt = (inputs: ExistingResourceInputs) => kindOf(inputs.kind).needs?.(inputs) ?? [];

function missingRights(inputs: ExistingResourceInputs, azure: AzureSession): Promise<readonly string[]> {
  return missingAt(inputs.id, neededAt(inputs), azure);
}

/** @throws QtError QT1271 */
function refuseMissing(inputs: ExistingResourceInputs, missing: readonly string[]): void {
  if (missing.length > 0)
    throw new QtError("QT1271", { ...named(inputs), count: missing.length, actions: missing.join(", ") });
}

function named({ kind, id }: ExistingResourceInputs) {
  const name = id.slice(id.lastIndexOf("/") + 1);
  const command =
    kind === "resourceGroup" ? `az group show --name ${name}` : `az resource show --ids "${id}"`;
  return { setting: `quantemplate:existing.${kind}`, id, command };
}
