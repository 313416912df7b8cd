/**
 * Azure's public regions, by the name that Resource Manager uses, with the display name
 * (https://learn.microsoft.com/azure/reliability/regions-list).
 */
export const regions: ReadonlyMap<string, string> = new Map(
  [
    "Australia Central",
    "Australia Central 2",
    "Australia East",
    "Australia Southeast",
    "Austria East",
    "Belgium Central",
    "Brazil South",
    "Brazil Southeast",
    "Canada Central",
    "Canada East",
    "Central India",
    "Central US",
    "Chile Central",
    "Denmark East",
    "East Asia",
    "East US",
    "East US 2",
    "France Central",
    "France South",
    "Germany North",
    "Germany West Central",
    "Indonesia Central",
    "Israel Central",
    "Italy North",
    "Japan East",
    "Japan West",
    "Jio India Central",
    "Jio India West",
    "Korea Central",
    "Korea South",
    "Malaysia West",
    "Mexico Central",
    "New Zealand North",
    "North Central US",
    "North Europe",
    "Norway East",
    "Norway West",
    "Poland Central",
    "Qatar Central",
    "South Africa North",
    "South Africa West",
    "South Central US",
    "South India",
    "Southeast Asia",
    "Spain Central",
    "Sweden Central",
    "Sweden South",
    "Switzerland North",
    "Switzerland West",
    "UAE Central",
    "UAE North",
    "UK South",
    "UK West",
    "West Central US",
    "West Europe",
    "West India",
    "West US",
    "West US 2",
    "West US 3",
  ].map((displayName) => [normalRegion(displayName), displayName]),
);

/** The cloud of a region that is in none of Azure's public geographies; undefined for any other text. */
export function sovereignCloudOf(location: string): string | undefined {
  const region = normalRegion(location);
  if (/^us(gov|dod|nat|sec)/.test(region)) return "Azure Government";
  return /^china/.test(region) ? "Azure operated by 21Vianet" : undefined;
}

/** A region as Resource Manager compares it: `West Europe` is `westeurope`. */
export function normalRegion(location: string): string {
  return location.replaceAll(" ", "").toLowerCase();
}
