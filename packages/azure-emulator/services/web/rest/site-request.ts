import { ArmError } from "../../../control-plane/arm-error";
import type { ArmRequest, LocalContext } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";

export const SITE_PATH = "/providers/Microsoft.Web/sites/:site";

/** The site of a request. @throws ArmError 404 */
export function siteOf(context: LocalContext, { resourceGroupId, params }: ArmRequest): ArmResource {
  const id = `${resourceGroupId}/providers/Microsoft.Web/sites/${params.site}`;
  const site = context.resources.get(id);
  if (site === undefined) throw new ArmError(404, "ResourceNotFound", `The resource '${id}' was not found.`);
  return site;
}
