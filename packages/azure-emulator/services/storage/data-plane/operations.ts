import type { BlobCall, BlobServer } from "./blob-call";
import { blobError, notSupported } from "./blob-error";
import {
  deleteBlob,
  getBlob,
  getBlobMetadata,
  getBlobProperties,
  leaseBlob,
  putBlob,
  setBlobMetadata,
  setBlobProperties,
} from "./blob-operations";
import { getBlockList, putBlock, putBlockList } from "./block-operations";
import {
  createContainer,
  deleteContainer,
  getContainerProperties,
  listBlobs,
  listContainers,
  setContainerMetadata,
} from "./container-operations";

export interface Operation {
  /** What the caller's role must grant; see learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory. */
  readonly permission: { readonly action: string; readonly kind: "action" | "dataAction" };
  run(call: BlobCall, server: BlobServer): Promise<void>;
}

const CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers";
type Run = Operation["run"];
const onBlobs =
  (verb: "read" | "write" | "delete") =>
  (run: Run): Operation => ({
    permission: { action: `${CONTAINERS}/blobs/${verb}`, kind: "dataAction" },
    run,
  });
const onContainers =
  (verb: "read" | "write" | "delete") =>
  (run: Run): Operation => ({ permission: { action: `${CONTAINERS}/${verb}`, kind: "action" }, run });
const reads = onBlobs("read");
const writes = onBlobs("write");

/**
 * Blob storage's operations by level, method, `restype` and `comp`. One that is only a name is refused by it.
 * Source: learn.microsoft.com/rest/api/storageservices/blob-service-rest-api.
 */
const operations = new Map<string, Operation | string>(
  Object.entries({
    "service GET list": onContainers("read")(listContainers),
    "service GET service properties": "Get Blob Service Properties",
    "service PUT service properties": "Set Blob Service Properties",
    "service GET service stats": "Get Blob Service Stats",
    "service POST service userdelegationkey": "Get User Delegation Key",
    "service GET account properties": "Get Account Information",
    "service HEAD account properties": "Get Account Information",
    "service GET blobs": "Find Blobs by Tags",
    "service POST batch": "Blob Batch",
    "container PUT container": onContainers("write")(createContainer),
    "container GET container": onContainers("read")(getContainerProperties),
    "container HEAD container": onContainers("read")(getContainerProperties),
    "container DELETE container": onContainers("delete")(deleteContainer),
    "container GET container metadata": onContainers("read")(getContainerProperties),
    "container HEAD container metadata": onContainers("read")(getContainerProperties),
    "container PUT container metadata": onContainers("write")(setContainerMetadata),
    "container GET container list": reads(listBlobs),
    "container GET container acl": "Get Container ACL",
    "container HEAD container acl": "Get Container ACL",
    "container PUT container acl": "Set Container ACL",
    "container PUT container lease": "Lease Container",
    "container PUT container undelete": "Restore Container",
    "container PUT container rename": "Rename Container",
    "container POST container batch": "Blob Batch",
    "container GET container blobs": "Find Blobs by Tags in Container",
    "container GET account properties": "Get Account Information",
    "container HEAD account properties": "Get Account Information",
    "container GET": "blobs in the root container",
    "container HEAD": "blobs in the root container",
    "container PUT": "blobs in the root container",
    "container DELETE": "blobs in the root container",
    "blob PUT": writes(putBlob),
    "blob GET": reads(getBlob),
    "blob HEAD": reads(getBlobProperties),
    "blob DELETE": onBlobs("delete")(deleteBlob),
    "blob GET metadata": reads(getBlobMetadata),
    "blob HEAD metadata": reads(getBlobMetadata),
    "blob PUT metadata": writes(setBlobMetadata),
    "blob PUT properties": writes(setBlobProperties),
    "blob PUT lease": writes(leaseBlob),
    "blob PUT block": writes(putBlock),
    "blob PUT blocklist": writes(putBlockList),
    "blob GET blocklist": reads(getBlockList),
    "blob PUT appendblock": "Append Block",
    "blob PUT seal": "Append Blob Seal",
    "blob PUT page": "Put Page",
    "blob GET pagelist": "Get Page Ranges",
    "blob PUT incrementalcopy": "Incremental Copy Blob",
    "blob PUT copy": "Abort Copy Blob",
    "blob PUT snapshot": "Snapshot Blob",
    "blob PUT undelete": "Undelete Blob",
    "blob PUT tier": "Set Blob Tier",
    "blob PUT tags": "Set Blob Tags",
    "blob GET tags": "Get Blob Tags",
    "blob PUT expiry": "Set Blob Expiry",
    "blob PUT immutabilityPolicies": "Set Blob Immutability Policy",
    "blob DELETE immutabilityPolicies": "Delete Blob Immutability Policy",
    "blob PUT legalhold": "Set Blob Legal Hold",
    "blob POST query": "Query Blob Contents",
    "blob GET account properties": "Get Account Information",
    "blob HEAD account properties": "Get Account Information",
  }),
);

/** Parts of a request that would change what an operation does: refused rather than overlooked. */
const headers = new Map([
  ["x-ms-tags", "blob tags (x-ms-tags)"],
  ["x-ms-if-tags", "conditions on tags (x-ms-if-tags)"],
  ["x-ms-encryption-key", "customer-provided keys (x-ms-encryption-key)"],
  ["x-ms-encryption-scope", "encryption scopes (x-ms-encryption-scope)"],
  ["x-ms-default-encryption-scope", "encryption scopes (x-ms-default-encryption-scope)"],
  ["x-ms-immutability-policy-until-date", "immutability policies"],
  ["x-ms-legal-hold", "legal holds (x-ms-legal-hold)"],
  ["x-ms-blob-content-length", "page blobs (x-ms-blob-content-length)"],
  ["x-ms-blob-sequence-number", "page blobs (x-ms-blob-sequence-number)"],
  ["x-ms-expiry-option", "expiry of blobs (x-ms-expiry-option)"],
]);
const parameters = new Map([
  ["snapshot", "snapshots"],
  ["versionid", "versions of blobs"],
  ["deletetype", "permanent deletion"],
]);

/** @throws ArmError 501 naming what the emulator does not have */
export function refuseUnsupported({ header, path }: BlobCall): void {
  for (const [name, what] of headers) if (header(name) !== undefined) throw notSupported(what);
  for (const [name, what] of parameters) if (path.query.has(name)) throw notSupported(what);
  if (header("x-ms-copy-source") !== undefined) {
    throw notSupported("copying from another address (Copy Blob, Put Blob From URL, Put Block From URL)");
  }
}

/** @throws blob error InvalidQueryParameterValue for what is no operation, ArmError 501 for one that the emulator does not have */
export function operationOf({ path, request }: BlobCall): Operation {
  const { level, query } = path;
  const parts = [level, request.method, query.get("restype"), query.get("comp")];
  const key = parts.filter((part) => part !== null).join(" ");
  const operation = operations.get(key);
  if (operation === undefined)
    throw blobError("InvalidQueryParameterValue", `There is no operation '${key}'.`);
  if (typeof operation === "string") throw notSupported(operation);
  return operation;
}
