import { rmSync } from "node:fs";
import { join } from "node:path";
import { QtError } from "../../errors/qt-error";
import { SECRET_KEY } from "../../infra/config-check";
import { findPulumi, hasLanguageHost, pulumiCommand } from "../../packages/kit/find-pulumi";
import { isCloudKey } from "../../tenants/secrets-provider";
import { stackName } from "../../tenants/stack-name";
import { tenantFile } from "../../tenants/tenant-files";
import { isLoginMissing, runPulumi } from "./run-pulumi";

const INSTALL = "Install the Pulumi CLI: https://www.pulumi.com/docs/install/";

export interface Encryption {
  readonly root: string;
  readonly name: string;
  readonly provider: string | undefined;
  readonly secret: string | false;
}

/** The result of the encryption. */
export interface EncryptedSecret {
  readonly hasSecret: boolean;
  /** Why the secret could not be encrypted now. */
  readonly reason?: string;
  /** What to run next, in this order; the last one deploys. */
  readonly next: readonly string[];
  /** The CLI that deploys, as a command. */
  readonly deployer: string;
}

/**
 * Creates the stack of a new tenant's file, and lets its secrets provider encrypt the secret into the file.
 * @throws QtError QT9111 if Pulumi already has a stack of this name: it is not reused, and the file is removed again.
 */
export async function encryptSecret(encryption: Encryption): Promise<EncryptedSecret> {
  const cli = findPulumi();
  const pulumi = cli === undefined ? "pulumi" : pulumiCommand(cli);
  // A CLI without its language host makes the stack, and cannot deploy it: the complete one is on PATH once it is installed.
  const deployer = cli === undefined || hasLanguageHost(cli) ? pulumi : "pulumi";
  const deploy = `${deployer} up -s ${stackName(encryption.name)}`;
  const up = deployer === pulumi ? [deploy] : [INSTALL, deploy];
  return { ...(await tryToEncrypt(encryption, pulumi, up)), deployer };
}

async function tryToEncrypt(
  { root, name, provider, secret }: Encryption,
  pulumi: string,
  up: readonly string[],
): Promise<Omit<EncryptedSecret, "deployer">> {
  const chosen = provider === undefined ? [] : ["--secrets-provider", provider];
  const login = `${pulumi} login <backend>`;
  const init = `${pulumi} stack init ${stackName(name)}${chosen.map((part) => ` ${isCloudKey(part) ? `"${part}"` : part}`).join("")}`;
  const set = `${pulumi} config set --secret ${SECRET_KEY} -s ${stackName(name)}`;
  if (findPulumi() === undefined) {
    const reason = "there is no Pulumi CLI here";
    return { hasSecret: false, ...(secret === false ? {} : { reason }), next: [INSTALL, init, set, ...up] };
  }
  if (secret === false) {
    const whoami = await runPulumi(["whoami"], { root });
    const isAway = whoami !== undefined && !whoami.ok && isLoginMissing(whoami.reason);
    return { hasSecret: false, next: [...(isAway ? [login] : []), init, set, ...up] };
  }
  const made = await runPulumi(["stack", "init", stackName(name), "--no-select", ...chosen], { root });
  if (made === undefined) return { hasSecret: false, next: [init, set, ...up] };
  if (!made.ok && isLoginMissing(made.reason)) {
    const reason =
      "Pulumi is not logged in to a backend. Log in, or set PULUMI_BACKEND_URL, or PULUMI_ACCESS_TOKEN for Pulumi Cloud";
    return { hasSecret: false, reason, next: [login, init, set, ...up] };
  }
  if (!made.ok && /already exists/.test(made.reason)) {
    rmSync(join(root, tenantFile(name)));
    throw new QtError("QT9111", { name, file: tenantFile(name) });
  }
  if (!made.ok) return { hasSecret: false, reason: made.reason, next: [init, set, ...up] };
  const stored = await runPulumi(["config", "set", "--secret", SECRET_KEY, "--stack", stackName(name)], {
    root,
    secret,
  });
  if (!stored?.ok) return { hasSecret: false, reason: stored?.reason ?? "", next: [set, ...up] };
  return { hasSecret: true, next: up };
}
