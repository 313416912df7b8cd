import { armRules, refusal } from "../../../control-plane/rules/azure-rule";

/**
 * Members of `siteConfig` of which Azure's refusals are public, in lower case.
 * Source: the refusals in github.com/Azure/azure-cli/issues/31414, Azure/azure-functions-host/issues/10643,
 * Azure/terraform-azurerm-avm-res-web-site/pull/345.
 */
const REFUSED_SITE_CONFIG = new Set([
  "alwayson",
  "ftpsstate",
  "functionappscalelimit",
  "functionsruntimescalemonitoringenabled",
  "linuxfxversion",
  "netframeworkversion",
  "prewarmedinstancecount",
  "use32bitworkerprocess",
]);

export const flexSiteRules = armRules("Function apps on Flex Consumption", {
  siteConfig: {
    what: "Properties of `siteConfig` that Flex Consumption does not have are refused, even if they are null: the runtime and the scale are in `functionAppConfig`.",
    source:
      "https://github.com/pulumi/pulumi-azure-native/issues/4168; https://github.com/Azure/azure-cli/issues/31414; https://github.com/Azure/azure-functions-host/issues/10643; https://github.com/Azure/terraform-azurerm-avm-res-web-site/pull/345",
    answer: { status: 400, code: "BadRequest" },
    test: ["services/web/web-rules.itest.ts", "refuses properties of siteConfig that Flex Consumption lacks"],
  },
  windows: {
    what: "`hyperV` and `isXenon` ask for Windows containers; Flex Consumption is Linux only.",
    source: "https://learn.microsoft.com/azure/azure-functions/functions-scale#operating-system-support",
    answer: { status: 400, code: "BadRequest" },
    test: ["services/web/web-rules.itest.ts", "refuses Windows containers on Flex Consumption"],
  },
});

const { rules } = flexSiteRules;

/** @throws ArmError 400 that names what Flex Consumption does not take of a site's properties. */
export function requireFlexSite(properties: Readonly<Record<string, unknown>>): void {
  for (const name of ["hyperV", "isXenon"]) {
    if (properties[name] === true)
      throw refusal(rules.windows, `Site.${name} is invalid for Flex Consumption sites, which run on Linux.`);
  }
  const refused = Object.keys(properties.siteConfig ?? {}).filter((name) =>
    REFUSED_SITE_CONFIG.has(name.toLowerCase()),
  );
  if (refused.length > 0) throw refusal(rules.siteConfig, invalid(refused));
}

/** Azure's words for one property and for several. */
function invalid(names: readonly string[]): string {
  const shown = names.map((name) => `Site.SiteConfig.${name[0]?.toUpperCase()}${name.slice(1)}`).join(", ");
  const subject =
    names.length === 1
      ? "The following site configuration property"
      : `The following list of ${names.length} site configuration properties`;
  const remedy = names.length === 1 ? "it" : "them";
  return `${subject} (${shown}) for Flex Consumption sites is invalid.  Please remove or rename ${remedy} before retrying.`;
}
