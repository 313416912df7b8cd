import { createHash, randomUUID } from "node:crypto";
import { access, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unzip } from "fflate";
import { httpsCall } from "../../../control-plane/https-call";
import { STORAGE_AUDIENCE } from "../../../control-plane/identity";
import type { LocalContext } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import { functionAppConfigOf } from "../resources/site-config";
import { deploymentIdentity } from "../resources/site-identity";
import { outboundAddress } from "../run/outbound-address";

/** Flex Consumption keeps the deployed package under this name in the app's container. */
const PACKAGE_NAME = "released-package.zip";

/** A package cannot be stored or read; `status` is the deployment endpoint's answer. */
export class PackageError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Checks and unpacks the package, then writes it into the app's container with the app's identity, so that a missing role shows
 * here, as in Azure. @returns the SHA-256 of the package. @throws PackageError
 */
export async function storePackage(context: LocalContext, site: ArmResource, zip: Buffer): Promise<string> {
  const sha256 = hashOf(zip);
  await unpack(zip, packageFolder(context, site, sha256));
  const headers = {
    "x-ms-blob-type": "BlockBlob",
    "content-type": "application/zip",
    "content-length": String(zip.length),
  };
  await blob(context, site, "PUT", headers, zip);
  return sha256;
}

/**
 * The folder of the unpacked package with that hash; created from the container if it is missing. The container is called each
 * time, because in Azure a starting instance reads its package from there.
 * @throws PackageError
 */
export async function openPackage(context: LocalContext, site: ArmResource, sha256: string): Promise<string> {
  const folder = packageFolder(context, site, sha256);
  const unpacked = await access(folder).then(
    () => true,
    () => false,
  );
  const { body } = await blob(context, site, unpacked ? "HEAD" : "GET", {});
  if (unpacked) return folder;
  if (hashOf(body) !== sha256) {
    throw new PackageError(
      409,
      "The package in the deployment container is not the one that was last published.",
    );
  }
  await unpack(body, folder);
  return folder;
}

function hashOf(zip: Uint8Array): string {
  return createHash("sha256").update(zip).digest("hex");
}

function packageFolder(context: LocalContext, site: ArmResource, sha256: string): string {
  return join(siteFolder(context, site.name), sha256.slice(0, 16));
}

/** The folder with all files of a site. */
export function siteFolder(context: LocalContext, siteName: string): string {
  return join(context.folder, "sites", siteName.toLowerCase());
}

/** Removes all unpacked packages except the given one. Only a deployment may call it, at its end. */
export async function removeOldPackages(
  context: LocalContext,
  site: ArmResource,
  sha256: string,
): Promise<void> {
  const kept = packageFolder(context, site, sha256);
  const names = await readdir(dirname(kept)).catch(() => []);
  const old = names.map((name) => join(dirname(kept), name)).filter((path) => path !== kept);
  await Promise.all(old.map((path) => rm(path, { recursive: true, force: true })));
}

/** Unpacks beside the target and renames, so that an existing folder is complete. */
export async function unpack(zip: Uint8Array, folder: string): Promise<void> {
  const files = await new Promise<Record<string, Uint8Array>>((resolve, reject) => {
    unzip(zip, (error, entries) =>
      error
        ? reject(new PackageError(400, `The package is no zip file: ${error.message}`))
        : resolve(entries),
    );
  });
  const names = Object.keys(files);
  if (!names.includes("host.json")) throw new PackageError(400, "The package has no host.json at its top.");
  const outside = names.find(
    (name) => name.startsWith("/") || name.includes("\\") || name.split("/").includes(".."),
  );
  if (outside !== undefined)
    throw new PackageError(400, `The package contains a file outside its folder: ${outside}`);
  const draft = `${folder}.${randomUUID()}.tmp`;
  for (const [name, content] of Object.entries(files)) {
    if (name.endsWith("/")) continue;
    const path = join(draft, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, content, { mode: 0o600 });
  }
  try {
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // A folder is named after its content, so an existing one is the same.
    if (!["ENOTEMPTY", "EEXIST", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

async function blob(
  context: LocalContext,
  site: ArmResource,
  method: string,
  headers: Readonly<Record<string, string>>,
  body?: Buffer,
): Promise<{ readonly body: Buffer }> {
  const { value } = functionAppConfigOf(site.properties).deployment.storage;
  const { token } = context.tokens.issue(deploymentIdentity(context, site), STORAGE_AUDIENCE);
  const url = `${value.replace(/\/+$/, "")}/${PACKAGE_NAME}`;
  const answer = await httpsCall(url, context.certificates.ca, {
    method,
    headers: { ...headers, authorization: `Bearer ${token}`, "x-ms-version": "2024-11-04" },
    ...(body !== undefined && { body }),
    localAddress: await outboundAddress(context, site),
  });
  if (answer.status < 300) return answer;
  const text = answer.body.toString();
  const reason =
    /<Message>(.*)<\/Message>/s.exec(text)?.[1] ?? String(answer.headers["x-ms-error-code"] ?? text);
  if (answer.status === 403) throw new PackageError(403, inaccessible(reason));
  throw new PackageError(
    // Clients would take a 404 as "the deployment endpoint does not exist yet" and keep polling.
    answer.status === 404 ? 400 : answer.status,
    `The deployment container ${value} answered ${answer.status}: ${reason}`,
  );
}

/** How Kudu reports a container that the app's identity may not use (https://github.com/Azure/azure-dev/issues/8026). */
function inaccessible(reason: string): string {
  return `InaccessibleStorageException: Failed to access storage account for deployment: BlobUploadFailedException: Failed to upload blob to storage account: Response status code does not indicate success: 403 (${reason}).`;
}
