import { TAG_VALUE_LENGTH, tagLimits, tagNameFault } from "../../../azure-resource-types";
import { isJsonObject } from "../../../kit/json-object";
import { armRules, refusal } from "../rules/azure-rule";

const PAGE = "https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations";
const test = (title: string) => ["control-plane/body-check/tags.test.ts", title] as const;

export const tagRules = armRules("Tags", {
  count: {
    what: "A resource has at most 50 tags; an Automation account, a storage account and a vault's secret 15.",
    source: `${PAGE}; https://github.com/MicrosoftDocs/azure-docs/issues/58362; https://learn.microsoft.com/rest/api/storagerp/storage-accounts/create; https://learn.microsoft.com/azure/key-vault/secrets/about-secrets#secret-tags`,
    answer: { status: 400, code: "BadRequest" },
    test: test("are at most as many as the type takes"),
  },
  valueKind: {
    what: "A tag's value is a text.",
    source: "https://learn.microsoft.com/rest/api/resources/resources/create-or-update#request-body",
    answer: { status: 400, code: "InvalidRequestContent" },
    test: test("have texts as values"),
  },
  nameLength: {
    what: "A tag's name has 1 to 512 characters, 128 on a storage account.",
    source: PAGE,
    answer: { status: 400, code: "InvalidTagNameLength" },
    test: test("have names of a limited length"),
  },
  nameCharacters: {
    what: "A tag's name contains none of `<`, `>`, `%`, `&`, `\\`, `?`, `/`, and no control character.",
    source: PAGE,
    answer: { status: 400, code: "InvalidTagNameCharacters" },
    test: test("have names without reserved characters"),
  },
  namePrefix: {
    what: "A tag's name does not begin with `microsoft`, `azure` or `windows`, in any case.",
    source: PAGE,
    answer: { status: 400, code: "InvalidTagName" },
    test: test("have names without a reserved prefix"),
  },
  nameTwice: {
    what: "The names of a resource's tags differ by more than case.",
    source: PAGE,
    answer: { status: 400, code: "InvalidTagNames" },
    test: test("have names that differ by more than case"),
  },
  valueLength: {
    what: "A tag's value has at most 256 characters.",
    source: `${PAGE}; https://github.com/Azure-Samples/azure-search-openai-demo/issues/1997`,
    answer: { status: 400, code: "InvalidTagValueLength" },
    test: test("have values of at most 256 characters"),
  },
});

/** @throws ArmError of {@link tagRules} for the first tag that Azure refuses. */
export function checkTags(type: string, tags: unknown): void {
  if (!isJsonObject(tags)) return;
  const { rules } = tagRules;
  const { count, nameLength } = tagLimits(type);
  const entries = Object.entries(tags);
  if (entries.length > count) {
    throw refusal(
      rules.count,
      `Too many tags. The resource of type '${type}' has ${entries.length} tags in 'tags'; at most ${count} are allowed.`,
    );
  }
  const seen = new Map<string, string>();
  for (const [name, value] of entries) {
    checkName(name, nameLength);
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined)
      throw refusal(rules.nameTwice, `The tag names '${twin}' and '${name}' differ by case only.`);
    seen.set(name.toLowerCase(), name);
    checkValue(name, value);
  }
}

function checkName(name: string, longest: number): void {
  const { nameLength, nameCharacters, namePrefix } = tagRules.rules;
  if (name === "" || name.length > longest) {
    throw refusal(
      nameLength,
      `The length of the tag name '${name}' is invalid. Maximum allowed length for tag name - '${longest}' characters.`,
    );
  }
  const fault = tagNameFault(name);
  if (fault === "characters") {
    throw refusal(
      nameCharacters,
      `The tag names '${name}' have reserved characters '<,>,%,&,\\,?,/' or control characters.`,
    );
  }
  if (fault === "prefix") {
    throw refusal(
      namePrefix,
      `The tag name '${name}' is invalid: the prefixes 'microsoft', 'azure' and 'windows' are reserved.`,
    );
  }
}

function checkValue(name: string, value: unknown): void {
  const { valueKind, valueLength } = tagRules.rules;
  if (typeof value !== "string")
    throw refusal(valueKind, `The value of the tag '${name}' in 'tags' must be a string.`);
  if (value.length <= TAG_VALUE_LENGTH) return;
  throw refusal(
    valueLength,
    `Tag value too large. Following tag value '${value}' exceeded the maximum length. Maximum allowed length for tag value - '${TAG_VALUE_LENGTH}' characters.`,
  );
}
