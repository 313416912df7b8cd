import * as z from "zod";
import { type SqlSku, sqlSize, sqlSizes } from "../packages/azure-resource-types";
import { type ConfigMistake, mistake } from "./config-mistake";
import { trueOrFalse, wholeNumber } from "./schema-parts";

const PAUSE = "minutes from 15 to 10080, or -1 for never";
const VCORES = "a number of vCores from 1 to 80";
/** Gigabytes of a database whose tenant says nothing. */
const USUAL_GB = 32;
/** What `minCapacity` goes up in. */
const STEP = 0.25;

const fields = z.strictObject({
  skuName: z
    .enum(Object.keys(sqlSizes) as SqlSku[], {
      error: "GP_S_Gen5 (serverless), GP_Gen5, BC_Gen5 or HS_Gen5",
    })
    .default("GP_S_Gen5"),
  capacity: wholeNumber(1, 80, VCORES)
    .optional()
    .describe("vCores; by default the fewest that the SKU has: 1 serverless, 2 otherwise."),
  minCapacity: z
    .number({ error: "a number of vCores" })
    .min(0.5, { error: "at least 0.5 vCores" })
    .optional()
    .describe(
      "Serverless only: the vCores that it keeps while it is not paused; by default the fewest of its size.",
    ),
  autoPauseDelay: z
    .int({ error: PAUSE })
    .refine((minutes) => minutes === -1 || (minutes >= 15 && minutes <= 10_080), { error: PAUSE })
    .default(15)
    .describe("Minutes without a session until the serverless database pauses; -1 for never."),
  maxSizeGb: wholeNumber(1, 4096, "a size from 1 to 4096 GB")
    .optional()
    .describe("The most that it holds; by default 32. Hyperscale grows by itself and takes none."),
  backupRedundancy: z
    .enum(["Local", "Zone", "Geo"], { error: "Local, Zone or Geo" })
    .optional()
    .describe(
      "Where backups are kept; by default Geo if the region has a pair, else Zone. Hyperscale takes it at its creation only.",
    ),
  auditing: trueOrFalse
    .default(true)
    .describe(
      "Whether the server's audit goes to the tenant's workspace: who signed in, and who was given which right; no statement. false leaves the server's auditing alone.",
    ),
});

type SqlInput = z.output<typeof fields>;

/** The size of a tenant's database. The combinations are those that Azure publishes. */
export const sqlSchema = fields
  .check((payload) => {
    // A value that is wrong by itself is reported alone.
    if (payload.issues.length > 0) return;
    for (const [field, message] of sizeMistakes(payload.value))
      payload.issues.push({ code: "custom", path: [field], message, input: payload.value });
  })
  .transform((sql) => ({ ...sql, ...sizeOf(sql) }))
  .prefault({})
  .describe("Size and auditing of the database.");

/** The values that hold if the tenant leaves them out. */
function sizeOf({ skuName, capacity = sqlSizes[skuName][0].vCores, minCapacity, maxSizeGb }: SqlInput) {
  const { minVCores, maxGb } = sqlSize(skuName, capacity) ?? {};
  return {
    capacity,
    ...(minVCores === undefined ? {} : { minCapacity: minCapacity ?? minVCores }),
    ...(maxGb === undefined ? {} : { maxSizeGb: maxSizeGb ?? USUAL_GB }),
  };
}

/** The wrong fields with what each expects. */
function sizeMistakes(sql: SqlInput): [field: keyof SqlInput, message: string][] {
  const { skuName, capacity = sqlSizes[skuName][0].vCores, minCapacity, maxSizeGb } = sql;
  const size = sqlSize(skuName, capacity);
  if (size === undefined) {
    const all = sqlSizes[skuName].map(({ vCores }) => vCores).join(", ");
    return [["capacity", `a number of vCores that ${skuName} has: ${all}`]];
  }
  const mistakes: [keyof SqlInput, string][] = [];
  const { minVCores, maxGb } = size;
  const named = `${skuName} with ${capacity} vCore${capacity === 1 ? "" : "s"}`;
  // The program sends it for a serverless database only.
  if (
    minCapacity !== undefined &&
    minVCores !== undefined &&
    !isStepBetween(minCapacity, minVCores, capacity)
  )
    mistakes.push([
      "minCapacity",
      `a number of vCores from ${minVCores} to ${capacity} in steps of ${STEP}, for ${named}`,
    ]);
  if (maxSizeGb !== undefined && maxGb === undefined)
    mistakes.push(["maxSizeGb", `no size: ${skuName} grows by itself`]);
  else if (maxSizeGb !== undefined && maxGb !== undefined && maxSizeGb > maxGb)
    mistakes.push(["maxSizeGb", `a size from 1 to ${maxGb} GB, for ${named}`]);
  return mistakes;
}

/** What a tenant may say of a database although a pool has its size. */
const OF_ANY_DATABASE: readonly string[] = [
  "auditing",
  "backupRedundancy",
] satisfies readonly (keyof SqlInput)[];

/** Settings of a size beside a pool, which has it. */
export function poolMistakes({ sql, existing }: Readonly<Record<string, unknown>>): ConfigMistake[] {
  const { elasticPool } = Object(existing) as { elasticPool?: unknown };
  if (elasticPool === undefined || typeof sql !== "object" || sql === null) return [];
  return Object.keys(fields.shape)
    .filter((name) => Object.hasOwn(sql, name) && !OF_ANY_DATABASE.includes(name))
    .map((name) =>
      mistake(["sql", name], "expects nothing, because the pool existing.elasticPool has the size"),
    );
}

function isStepBetween(value: number, from: number, to: number): boolean {
  return value >= from && value <= to && Number.isInteger(value / STEP);
}
