import { type SqlSku, sqlSize, sqlSizes } from "../../../../azure-resource-types";
import type { ArmBody } from "../../../control-plane/resource";
import { armRules, refusal } from "../../../control-plane/rules/azure-rule";

const LIMITS = "https://learn.microsoft.com/azure/azure-sql/database/resource-limits-vcore-single-databases";
const SPEC =
  "https://github.com/Azure/azure-rest-api-specs/blob/main/specification/sql/resource-manager/Microsoft.Sql/stable/2023-08-01/Databases.json (Databases_CreateOrUpdate, error responses)";
const test = (title: string) => ["services/sql/resources/database-size.test.ts", title] as const;
const GIGABYTE = 1024 ** 3;

export const databaseSizeRules = armRules("Azure SQL: sizes", {
  capacity: {
    what: "A SKU has the numbers of vCores that are published: provisioned ones begin at 2, and none has 3 or 5.",
    source: `${LIMITS}; ${SPEC}`,
    answer: { status: 400, code: "InvalidTierSkuCombination" },
    test: test("has the vCores of its SKU"),
  },
  minCapacity: {
    what: "The fewest vCores of a serverless database are between its size's own and its vCores.",
    source: `${LIMITS}; https://github.com/Azure/azure-cli/issues/26664 (the words)`,
    answer: { status: 400, code: "InvalidMinCapacity" },
    test: test("keeps at least its size's fewest vCores"),
  },
  maxSize: {
    what: "A database holds no more than its size.",
    source: `${LIMITS}; ${SPEC}`,
    answer: { status: 400, code: "InvalidMaxSizeTierCombination" },
    test: test("holds no more than its size"),
  },
});

/** @throws ArmError 400 for a size that Azure does not sell. SKUs of other hardware or by DTU are not looked at. */
export function requireSoldSize({ sku, properties = {} }: ArmBody): void {
  const { name, capacity } = (sku ?? {}) as { readonly name?: unknown; readonly capacity?: unknown };
  if (typeof capacity !== "number" || !isSku(name)) return;
  const { rules } = databaseSizeRules;
  const objective = `${name}_${capacity}`;
  const size = sqlSize(name, capacity);
  if (size === undefined)
    throw refusal(rules.capacity, `The service level objective '${objective}' of 'sku' does not exist.`);
  const { minCapacity, maxSizeBytes } = properties;
  const { minVCores, maxGb } = size;
  if (
    typeof minCapacity === "number" &&
    // Of provisioned sizes no source says what Azure does.
    minVCores !== undefined &&
    (minCapacity < minVCores || minCapacity > capacity)
  )
    throw refusal(
      rules.minCapacity,
      `The service level objective '${objective}' does not support the min capacity '${minCapacity}'.`,
    );
  if (typeof maxSizeBytes === "number" && maxGb !== undefined && maxSizeBytes > maxGb * GIGABYTE)
    throw refusal(
      rules.maxSize,
      `The service level objective '${objective}' does not support the database max size '${maxSizeBytes}' ('properties.maxSizeBytes').`,
    );
}

function isSku(name: unknown): name is SqlSku {
  return typeof name === "string" && Object.hasOwn(sqlSizes, name);
}
