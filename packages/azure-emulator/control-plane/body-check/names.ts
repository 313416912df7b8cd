import { isReservedName, nameRuleOf, shapeOf } from "../../../azure-resource-types";
import { ArmError } from "../arm-error";
import { armRules, refusal } from "../rules/azure-rule";
import { nameCode } from "./resource-codes";

const PAGE = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules";
const RESERVED =
  "https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-reserved-resource-name";
const test = (title: string) => ["control-plane/body-check/names.test.ts", title] as const;

export const nameRules = armRules("Names", {
  form: {
    what: "A name has the length and the characters that its type documents.",
    source: `${PAGE}; https://github.com/Azure/bicep-types-az (the name's pattern and length)`,
    answer: {
      status: 400,
      code: "the provider's code: VaultNameNotValid, AccountNameInvalid, InvalidServerName, InvalidResourceGroupName, BadRequest, …",
    },
    test: test("have the length and the characters that are documented"),
  },
  reserved: {
    what: "The name of a resource with an address of its own (vault, storage account, SQL server, site) is no reserved word, does not contain `microsoft` or `windows`, and does not begin with `login`.",
    source: RESERVED,
    answer: { status: 400, code: "ReservedResourceName" },
    test: test("are not reserved words"),
  },
});

/** @throws ArmError for a name that Azure refuses for the type. */
export function checkName(type: string, name: string): void {
  const words = problemOf(type, name);
  if (words !== undefined) {
    throw new ArmError(
      nameRules.rules.form.answer.status,
      nameCode(type),
      `The name '${name}' of a resource of type '${type}' ${words}.`,
    );
  }
  if (isReservedName(type, name)) {
    throw refusal(
      nameRules.rules.reserved,
      `The resource name '${name}' or a part of the name is a trademarked or reserved word.`,
    );
  }
}

function problemOf(type: string, name: string): string | undefined {
  const rule = nameRuleOf(type);
  if (rule !== undefined) {
    const { minLength, maxLength, pattern, words } = rule;
    const { length } = name;
    if (length < minLength || length > maxLength || !pattern.test(name)) return words;
  }
  const published = shapeOf(type)?.name;
  if (published === undefined) return undefined;
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern, openEnum } = published;
  const known = published.enum ?? openEnum;
  if (known?.some((value) => value.toLowerCase() === name.toLowerCase()) === false)
    return `must be one of ${known.join(", ")}`;
  if (name.length < minLength || name.length > maxLength)
    return `must have ${minLength} to ${maxLength} characters`;
  if (rule === undefined && pattern !== undefined && !new RegExp(pattern).test(name))
    return `must match '${pattern}'`;
  return undefined;
}
