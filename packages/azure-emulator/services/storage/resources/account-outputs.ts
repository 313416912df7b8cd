import { pairedRegion } from "../../../../azure-resource-types";
import type { PutRequest } from "../../../control-plane/local-service";
import type { ArmBody } from "../../../control-plane/resource";

/** The services of a storage account; blobs alone run here. */
export const otherServices = ["queue", "table", "file", "web", "dfs"] as const;

type Service = "blob" | (typeof otherServices)[number];

/** By kind, in lower case; premium accounts of the general kind have blobs only. */
const servicesOf: ReadonlyMap<string, readonly Service[]> = new Map([
  ["storagev2", ["dfs", "web", "blob", "queue", "table", "file"]],
  ["storage", ["blob", "queue", "table", "file"]],
  ["blobstorage", ["dfs", "blob", "table"]],
  ["blockblobstorage", ["dfs", "web", "blob"]],
  ["filestorage", ["file"]],
]);

/** The address of each service of an account. @param blob that of its blobs */
export function endpointsOf(
  { kind, sku }: Pick<ArmBody, "kind" | "sku">,
  blob: string,
): Record<string, string> {
  const general = /^storage(v2)?$/i.test(kind ?? "") && /^premium_/i.test(String(sku?.name));
  const services = general ? undefined : servicesOf.get((kind ?? "").toLowerCase());
  return Object.fromEntries(
    (services ?? (["blob"] as const)).map((name) => [
      name,
      name === "blob" ? blob : blob.replace(/\/$/, `.${name}/`),
    ]),
  );
}

/**
 * What Azure answers of every account although a client did not send it. What was made up for a new account stays as it is.
 * Source: azure-rest-api-specs, Microsoft.Storage/stable/2024-01-01/storage.json, StorageAccountProperties, with its example
 * StorageAccountGetProperties.json.
 * @param blob the address of the account's blobs
 */
export function accountOutputs(
  { body, existing }: Pick<PutRequest, "body" | "existing">,
  blob: string,
): ArmBody {
  const kind = body.kind ?? "StorageV2";
  const sku = String(body.sku?.name);
  const premium = /^premium_/i.test(sku);
  const sent = body.properties ?? {};
  const before = existing?.properties ?? {};
  const now = new Date().toISOString();
  const secondary = /GRS|GZRS/i.test(sku) ? pairedRegion(body.location ?? "") : undefined;
  return {
    kind,
    sku: { ...body.sku, name: sku, tier: premium ? "Premium" : "Standard" },
    properties: {
      supportsHttpsTrafficOnly: true,
      ...(kind !== "Storage" && { accessTier: before.accessTier ?? (premium ? "Premium" : "Hot") }),
      networkAcls: { bypass: "AzureServices", virtualNetworkRules: [], ipRules: [], defaultAction: "Allow" },
      ...sent,
      encryption: encryption(sent.encryption, before.encryption, now),
      keyCreationTime: before.keyCreationTime ?? { key1: now, key2: now },
      privateEndpointConnections: [],
      provisioningState: "Succeeded",
      statusOfPrimary: "available",
      ...(body.location !== undefined && { primaryLocation: body.location }),
      primaryEndpoints: endpointsOf({ ...body, kind }, blob),
      ...(secondary !== undefined && { secondaryLocation: secondary, statusOfSecondary: "available" }),
    },
  };
}

/** Data is always encrypted; blobs and files with the account's key. */
function encryption(sent: unknown, before: unknown, now: string): unknown {
  const service = { keyType: "Account", enabled: true, lastEnabledTime: now };
  const usual = { services: { file: service, blob: service }, keySource: "Microsoft.Storage" };
  const { services, ...more } = (sent ?? {}) as { readonly services?: object };
  const known = (before ?? usual) as typeof usual;
  return { ...known, ...more, services: merged(known.services, services) };
}

/** The services' settings: what is sent over what there is, with the time that Azure has set. */
function merged(known: Readonly<Record<string, object>>, sent: object = {}): Record<string, object> {
  const names = new Set([...Object.keys(known), ...Object.keys(sent)]);
  return Object.fromEntries(
    [...names].map((name) => [name, { ...known.blob, ...known[name], ...(Reflect.get(sent, name) ?? {}) }]),
  );
}
