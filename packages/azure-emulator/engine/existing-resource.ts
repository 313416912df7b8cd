import type { TokenDescriptor } from "../../azure-resource-types";
import type { Principal } from "../control-plane/identity";
import { ArmError, type ResourcePlane } from "../control-plane/local-service";
import type { ArmResource } from "../control-plane/resource";

/**
 * Before it creates a resource, azure-native looks whether it exists, and then refuses instead of changing what somebody else made. Two kinds
 * always exist and are taken over: what Azure has no DELETE for, in any state, and what Azure makes with its parent, in its default state.
 * Source: `CanCreate` in provider/pkg/azure/client_azcore.go and `defaultCreate` in provider/pkg/provider/provider.go of
 * github.com/pulumi/pulumi-azure-native.
 * @throws Error in azure-native's words.
 */
export async function refuseExisting(
  controlPlane: ResourcePlane,
  id: string,
  described: TokenDescriptor,
  principal: Principal,
): Promise<void> {
  const found = await readExisting(controlPlane, id, principal);
  if (found === undefined || described.neverDeleted) return;
  if (described.defaultState === undefined)
    throw new Error(`cannot create already existing resource '${id}'`);
  const state = Object.entries(described.defaultState);
  if (!state.every(([name, value]) => found.properties[name] === value))
    throw new Error(`cannot create already existing subresource '${id}'`);
}

async function readExisting(
  controlPlane: ResourcePlane,
  id: string,
  principal: Principal,
): Promise<ArmResource | undefined> {
  try {
    return await controlPlane.get(id, principal);
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    if (error.status === 404) return undefined;
    const body = JSON.stringify({ error: { code: error.code, message: error.message } });
    throw new Error(`cannot check existence of resource '${id}': status code ${error.status}, ${body}`, {
      cause: error,
    });
  }
}
