import { normalRegion } from "../../../../azure-resource-types";
import type { LocalContext, PutRequest } from "../../../control-plane/local-service";
import { parseRange } from "../../../control-plane/network/address-range";
import { type ArmResource, parentId, sameId } from "../../../control-plane/resource";
import { armRules, refusal } from "../../../control-plane/rules/azure-rule";

const FLEX = "https://learn.microsoft.com/azure/azure-functions";
const test = (title: string) => ["services/web/site-network.itest.ts", title] as const;

export const siteIntegrationRules = armRules("Function apps in a network", {
  exists: {
    what: "The subnet of an app exists, in the app's region.",
    source: `${FLEX}/functions-networking-options#virtual-network-integration`,
    answer: { status: 400, code: "BadRequest" },
    test: test("needs a subnet that exists"),
  },
  provider: {
    what: "An app on Flex Consumption is integrated with a network only if the subscription is registered for `Microsoft.App`.",
    source: `${FLEX}/flex-consumption-how-to#enable-virtual-network-integration; https://github.com/Azure/terraform-provider-azapi/issues/625`,
    answer: { status: 500, code: "InternalServerError" },
    test: test("needs the provider Microsoft.App"),
  },
  delegation: {
    what: "The subnet of an app on Flex Consumption is delegated to `Microsoft.App/environments`.",
    source: `${FLEX}/flex-consumption-plan#virtual-network-integration; https://github.com/Azure/terraform-provider-azapi/issues/625`,
    answer: { status: 400, code: "BadRequest" },
    test: test("needs a subnet that is delegated to Microsoft.App/environments"),
  },
  size: {
    what: "The subnet of an app on Flex Consumption has 32 addresses (/27) or more.",
    source: `${FLEX}/flex-consumption-how-to#enable-virtual-network-integration`,
    answer: { status: 400, code: "BadRequest" },
    test: test("needs a subnet of /27 or larger"),
  },
  underscore: {
    what: "The name of that subnet has no underscore.",
    source: `${FLEX}/flex-consumption-how-to#enable-virtual-network-integration`,
    answer: { status: 400, code: "BadRequest" },
    test: test("needs a subnet without an underscore in its name"),
  },
});

const { rules } = siteIntegrationRules;
const DELEGATION = "Microsoft.App/environments";
const SMALLEST = 27;

/** @throws ArmError 400 that names the subnet of `virtualNetworkSubnetId`, 500 without the provider */
export function requireIntegration(
  { resources, providers }: Pick<LocalContext, "resources" | "providers">,
  { body }: Pick<PutRequest, "body">,
): void {
  const id = body.properties?.virtualNetworkSubnetId;
  if (typeof id !== "string" || id === "") return;
  const subnet = resources.get(id);
  const network = resources.get(parentId(id));
  if (subnet === undefined || network === undefined || !inRegion(network, body.location))
    throw refusal(
      rules.exists,
      `virtualNetworkSubnetId: the subnet '${id}' was not found in the region of the app.`,
    );
  if (!providers.registered("Microsoft.App"))
    throw refusal(rules.provider, "There was an unexpected InternalServerError.  Please try again later.");
  const where = `Subnet ${subnet.name} in VNET ${network.name}`;
  if (subnet.name.includes("_"))
    throw refusal(rules.underscore, `${where} cannot be used: its name contains an underscore.`);
  if (!delegationsOf(subnet).some((service) => sameId(service, DELEGATION)))
    throw refusal(
      rules.delegation,
      `${where} is missing a delegation to ${DELEGATION}. Please add the delegation and try again.`,
    );
  const bits = parseRange(String(subnet.properties.addressPrefix ?? ""))?.bits ?? 0;
  if (bits > SMALLEST)
    throw refusal(
      rules.size,
      `${where} is too small: /${bits}, and Flex Consumption needs /${SMALLEST} or larger.`,
    );
}

function inRegion(network: ArmResource, location: string | undefined): boolean {
  return normalRegion(String(network.location)) === normalRegion(String(location ?? network.location));
}

function delegationsOf({ properties }: ArmResource): string[] {
  const delegations = (properties.delegations ?? []) as readonly {
    readonly properties?: { readonly serviceName?: string };
  }[];
  return delegations.flatMap(({ properties: delegation }) => delegation?.serviceName ?? []);
}
