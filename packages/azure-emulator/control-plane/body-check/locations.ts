import { normalRegion, regions } from "../../../azure-resource-types";
import { armRules, refusal } from "../rules/azure-rule";

const PAGE = "https://learn.microsoft.com/azure/reliability/regions-list";
const test = (title: string) => ["control-plane/body-check/locations.test.ts", title] as const;

export const locationRules = armRules("Locations", {
  group: {
    what: "A resource group is in a public region, spelled with or without blanks.",
    source: PAGE,
    answer: { status: 400, code: "LocationNotAvailableForResourceGroup" },
    test: test("of a group are public regions"),
  },
  resource: {
    what: "A resource is in a public region, spelled with or without blanks; alerts, action groups and private DNS zones may be `global`.",
    source: `${PAGE}; https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-sku-not-available (LocationNotAvailableForResourceType)`,
    answer: { status: 400, code: "LocationNotAvailableForResourceType" },
    test: test("of a resource are public regions"),
  },
});

const GROUP = "microsoft.resources/resourcegroups";
const GLOBAL: ReadonlySet<string> = new Set([
  "microsoft.insights/actiongroups",
  "microsoft.insights/metricalerts",
  "microsoft.network/privatednszones",
  "microsoft.network/privatednszones/virtualnetworklinks",
]);

/** @throws ArmError for a location that no public region has. */
export function checkLocation(type: string, location: unknown): void {
  if (typeof location !== "string") return;
  const region = normalRegion(location);
  if (regions.has(region)) return;
  const lower = type.toLowerCase();
  if (region === "global" && GLOBAL.has(lower)) return;
  const available = [...regions.keys()].join(",");
  if (lower === GROUP) {
    throw refusal(
      locationRules.rules.group,
      `The provided location '${location}' is not available for resource group. List of available regions is '${available}'.`,
    );
  }
  throw refusal(
    locationRules.rules.resource,
    `The provided location '${location}' is not available for resource type '${type}'. List of available regions for the resource type is '${available}'.`,
  );
}
