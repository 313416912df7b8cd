/** How many tags a type takes, and how long their names are. */
export interface TagLimits {
  readonly count: number;
  readonly nameLength: number;
}

const USUAL: TagLimits = { count: 50, nameLength: 512 };
/** The longest value of a tag. */
export const TAG_VALUE_LENGTH = 256;

/** By type in lower case; the others have {@link USUAL}. */
const limits: ReadonlyMap<string, TagLimits> = new Map([
  ["microsoft.automation/automationaccounts", { ...USUAL, count: 15 }],
  ["microsoft.keyvault/vaults/secrets", { ...USUAL, count: 15 }],
  ["microsoft.storage/storageaccounts", { count: 15, nameLength: 128 }],
]);

/**
 * The limits of a type's tags.
 * Source: learn.microsoft.com/azure/azure-resource-manager/management/tag-resources (limitations), …/rest/api/storagerp/storage-accounts/create,
 * …/azure/key-vault/secrets/about-secrets; github.com/MicrosoftDocs/azure-docs/issues/58362.
 */
export function tagLimits(type: string): TagLimits {
  return limits.get(type.toLowerCase()) ?? USUAL;
}

/** What is wrong with a tag's name, whatever its resource; undefined if nothing is. */
export function tagNameFault(name: string): "characters" | "prefix" | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Azure refuses them in names
  if (/[<>%&\\?/\u0000-\u001f\u007f]/.test(name)) return "characters";
  return /^(microsoft|azure|windows)/i.test(name) ? "prefix" : undefined;
}
