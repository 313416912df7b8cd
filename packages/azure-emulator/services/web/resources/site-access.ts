import type { LocalContext } from "../../../control-plane/local-service";
import { isIn } from "../../../control-plane/network/address-range";
import { type Caller, publicAddress } from "../../../control-plane/network/callers";
import { hasServiceEndpoint, isClosedToPublic } from "../../../control-plane/network/network-acls";
import { wayTo } from "../../../control-plane/network/reach";
import type { ArmResource } from "../../../control-plane/resource";
import { sameId } from "../../../control-plane/resource-id";
import { armRules } from "../../../control-plane/rules/azure-rule";

const PAGE = "https://learn.microsoft.com/azure/app-service";
const test = (title: string) => ["services/web/site-network.itest.ts", title] as const;

export const siteAccessRules = armRules("Reaching a function app", {
  disabled: {
    what: "With `publicNetworkAccess: Disabled`, an app and its deployment endpoint answer what comes by an approved private endpoint only.",
    source: `${PAGE}/overview-private-endpoint; ${PAGE}/overview-access-restrictions#app-access`,
    answer: { status: 403, code: "Ip Forbidden" },
    test: test("answers nobody outside once public access is off"),
  },
  restrictions: {
    what: "`ipSecurityRestrictions` let in whom the first matching rule allows, by priority; with any rule, all others are refused, unless `ipSecurityRestrictionsDefaultAction` is `Allow`.",
    source: `${PAGE}/app-service-ip-restrictions; ${PAGE}/overview-access-restrictions#site-access`,
    answer: { status: 403, code: "Ip Forbidden" },
    test: test("answers listed addresses only"),
  },
  scm: {
    what: "The deployment endpoint has rules of its own, `scmIpSecurityRestrictions`, or those of the app with `scmIpSecurityRestrictionsUseMain`.",
    source: `${PAGE}/app-service-ip-restrictions#restrict-access-to-an-scm-site`,
    answer: { status: 403, code: "Ip Forbidden" },
    test: test("has rules of its own for its deployment endpoint"),
  },
});

interface Restriction {
  readonly ipAddress?: string;
  readonly action?: string;
  readonly priority?: number;
  readonly tag?: string;
  readonly vnetSubnetResourceId?: string;
}

interface AccessConfig {
  readonly ipSecurityRestrictions?: readonly Restriction[] | null;
  readonly ipSecurityRestrictionsDefaultAction?: string | null;
  readonly scmIpSecurityRestrictions?: readonly Restriction[] | null;
  readonly scmIpSecurityRestrictionsDefaultAction?: string | null;
  readonly scmIpSecurityRestrictionsUseMain?: boolean | null;
}

/** The app itself, or its deployment endpoint. */
export type SitePart = "main" | "scm";

/** True if everybody may come, so that nobody needs to ask. */
export function isOpenToAll(context: LocalContext, site: ArmResource, part: SitePart): boolean {
  const { rules, otherwise } = restrictionsOf(context, site, part);
  return !isClosedToPublic(site) && rules.length === 0 && otherwise === "allow";
}

/** What a site says to a caller. `nowhere`: the connection would not arrive. */
export function siteAdmission(
  context: LocalContext,
  site: ArmResource,
  part: SitePart,
  caller: Caller,
): "admitted" | "forbidden" | "nowhere" {
  if (isOpenToAll(context, site, part) && caller.kind !== "subnet") return "admitted";
  const way = wayTo(context.resources, caller, site, "sites");
  if (way === "nowhere") return "nowhere";
  if (way === "private") return "admitted";
  if (isClosedToPublic(site)) return "forbidden";
  const { rules, otherwise } = restrictionsOf(context, site, part);
  const rule = [...rules]
    .sort((a, b) => (a.priority ?? LAST) - (b.priority ?? LAST))
    .find((one) => matches(context, one, caller));
  const action = rule === undefined ? otherwise : (rule.action ?? "Allow").toLowerCase();
  return action === "allow" ? "admitted" : "forbidden";
}

/** The priority of a rule that has none. */
const LAST = 65_000;

function restrictionsOf({ resources }: LocalContext, site: ArmResource, part: SitePart) {
  const config: AccessConfig = {
    ...resources.get(`${site.id}/config/web`)?.properties,
    ...(site.properties.siteConfig as AccessConfig | undefined),
  };
  const main = part === "main" || config.scmIpSecurityRestrictionsUseMain === true;
  const rules = (main ? config.ipSecurityRestrictions : config.scmIpSecurityRestrictions) ?? [];
  const given = main
    ? config.ipSecurityRestrictionsDefaultAction
    : config.scmIpSecurityRestrictionsDefaultAction;
  return { rules, otherwise: (given ?? (rules.length > 0 ? "Deny" : "Allow")).toLowerCase() };
}

function matches({ resources }: LocalContext, rule: Restriction, caller: Caller): boolean {
  if (rule.vnetSubnetResourceId !== undefined)
    return (
      caller.kind === "subnet" &&
      sameId(rule.vnetSubnetResourceId, caller.subnetId) &&
      hasServiceEndpoint(resources, caller.subnetId, "Microsoft.Web")
    );
  const address = rule.ipAddress ?? "Any";
  if (/^any$/i.test(address)) return true;
  if (/^servicetag$/i.test(rule.tag ?? "")) return /^AzureCloud/i.test(address) && caller.kind !== "internet";
  return isIn(
    publicAddress(caller),
    address.split(",").map((one) => one.trim()),
  );
}
