import type { LocalState, ResourceState } from "./local-state";
import { addressOf, type ResourceProvider } from "./resource-provider";
import { revealProperties } from "./wire-values";

/**
 * Brings the state of a killed run to what the cloud has: a resource that was being created, and exists, joins the state with its id; the
 * others are dropped.
 */
export async function adoptCreated(
  state: LocalState,
  provider: (type: string) => ResourceProvider,
): Promise<void> {
  let resources = state.resources();
  const isBegun = ({ interrupted, id }: ResourceState) => interrupted === true && id === "";
  const begun = resources.filter(isBegun);
  if (begun.length === 0) return;
  resources = resources.filter((resource) => !isBegun(resource));
  for (const resource of begun) {
    const address = addressOf(resource.urn);
    const id = await provider(address.type).find?.(address, revealProperties(resource.inputs));
    if (id === undefined || resources.some((known) => known.id === id)) continue;
    // A resource that it was to replace is known as such already.
    resources = resources.filter(({ urn, replaced }) => urn !== resource.urn || replaced);
    resources.push({ ...resource, id });
  }
  state.save(resources);
}
