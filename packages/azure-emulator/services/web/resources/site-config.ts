import * as z from "zod";
import { ArmError } from "../../../control-plane/arm-error";

const functionAppConfig = z.object({
  deployment: z.object({
    storage: z.object({
      type: z.literal("blobContainer"),
      value: z.url(),
      authentication: z.discriminatedUnion("type", [
        z.object({ type: z.literal("SystemAssignedIdentity") }),
        z.object({ type: z.literal("UserAssignedIdentity"), userAssignedIdentityResourceId: z.string() }),
      ]),
    }),
  }),
  runtime: z.object({ name: z.literal("node"), version: z.enum(["20", "22", "24"]) }),
  scaleAndConcurrency: z.object({
    instanceMemoryMB: z.union([z.literal(512), z.literal(2048), z.literal(4096)]),
    maximumInstanceCount: z.int().min(1).max(1000),
  }),
  siteUpdateStrategy: z.object({ type: z.enum(["Recreate", "RollingUpdate"]) }).optional(),
});

/** The settings that Flex Consumption needs of an app. Connection strings are not supported, because the storage has no keys. */
export type FunctionAppConfig = z.infer<typeof functionAppConfig>;

/** @throws ArmError 400 that names every mistake with its path. */
export function functionAppConfigOf(
  properties: Readonly<Record<string, unknown>> | undefined,
): FunctionAppConfig {
  const parsed = functionAppConfig.safeParse(properties?.functionAppConfig);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(
    ({ path, message }) => `${["functionAppConfig", ...path].join(".")}: ${message}`,
  );
  throw new ArmError(
    400,
    "BadRequest",
    `A Flex Consumption app needs a valid functionAppConfig. ${mistakes.join("; ")}.`,
  );
}
