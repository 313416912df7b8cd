import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { QtError } from "../../errors/qt-error";
import {
  checkTenantConfig,
  DATASETS_KEY,
  LOCATION_KEY,
  mistakeList,
  NAMESPACE,
  SECRET_KEY,
} from "../../infra/config-check";
import { findPulumi } from "../../packages/kit/find-pulumi";
import { providerProblem, usualProvider } from "../../tenants/secrets-provider";
import { commonValues, flatConfig, readTenant } from "../../tenants/tenant";
import { existingTenantFile, namesakes, tenantFile, tenantName } from "../../tenants/tenant-files";
import { composeFile, composeSettings, type DatasetAnswer, type TenantAnswers } from "./compose-file";
import { type EncryptedSecret, encryptSecret } from "./encrypt-secret";
import { type Ask, asked, askTenant, asSentence } from "./questions";

export interface NewTenantOptions {
  readonly root: string;
  readonly name: string;
  /** Tenant whose settings are taken over, but never its secrets. */
  readonly from?: string | undefined;
  readonly given: TenantAnswers;
  /** The API client's secret; false: it is set later. */
  readonly secret?: string | false | undefined;
  /** What encrypts the stack's secrets, as `pulumi stack init --secrets-provider` takes it. */
  readonly secretsProvider?: string | undefined;
  /** How to ask for the rest; without it nothing is asked. */
  readonly ask?: Ask | undefined;
}

export interface NewTenant extends EncryptedSecret {
  readonly name: string;
  readonly file: string;
  /** What encrypts the stack's secrets; undefined where Pulumi decides, or has decided for its backend's service. */
  readonly secretsProvider?: string;
}

/**
 * Writes a tenant's file, makes its stack, and has the stack's secrets provider encrypt the secret into the file.
 * Where Pulumi cannot do the last two now, the file stays without the secret and `next` has the commands.
 * @throws QtError QT9101 to QT9105, QT9111, QT9113; nothing was written then.
 */
export async function newTenant(options: NewTenantOptions): Promise<NewTenant> {
  const { root, name, from, given, secret, ask } = options;
  if (!tenantName.test(name)) throw new QtError("QT9101", { name });
  refuseSecond(root, name);
  const common = commonValues(root);
  const cloned = from === undefined ? new Map<string, unknown>() : clonedSettings(root, from);
  const known = knownAnswers(new Map([...common, ...cloned]));
  const canEncrypt = findPulumi() !== undefined;
  if (ask === undefined) refuseGaps(name, { ...known, ...definedOf(given) }, secret, canEncrypt);
  // What no question can mend is told before the first.
  refuseMistakes(name, new Map([...common, ...composeSettings(given, cloned)]), {
    provider: options.secretsProvider,
    areGapsAsked: true,
  });
  const answers = ask ? await askTenant(ask, given, known) : given;
  const settings = composeSettings(answers, cloned);
  const usual = usualProvider(root, from);
  const provider = options.secretsProvider ?? (ask ? await askProvider(ask, usual) : usual);
  refuseMistakes(name, new Map([...common, ...settings]), { provider });
  const value = secret ?? (ask && canEncrypt ? await ask(secretQuestion) : false);
  writeNew(root, name, composeFile(settings));
  const encrypted = await encryptSecret({ root, name, provider, secret: value === "" ? false : value });
  const used = provider ?? (readTenant(root, name).passphrase && "passphrase");
  return {
    name,
    file: tenantFile(name),
    ...(used === undefined ? {} : { secretsProvider: used }),
    ...encrypted,
  };
}

/** They say which tenant it is, so that each is asked for its own. */
const identity = [`${NAMESPACE}:organisationId`, `${NAMESPACE}:clientId`];

function clonedSettings(root: string, from: string): Map<string, unknown> {
  existingTenantFile(root, from, "QT9113");
  const settings = composeSettings({}, readTenant(root, from).own);
  for (const key of identity) settings.delete(key);
  return settings;
}

function refuseSecond(root: string, name: string): void {
  const [second] = existsSync(join(root, tenantFile(name))) ? [name] : namesakes(root, name);
  if (second !== undefined) throw new QtError("QT9102", { name: second, file: tenantFile(second) });
}

/** Nobody else's file is written over, not even one that came while there were questions. */
function writeNew(root: string, name: string, text: string): void {
  try {
    writeFileSync(join(root, tenantFile(name)), text, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new QtError("QT9102", { name, file: tenantFile(name) });
  }
}

/** @returns undefined where Pulumi is to decide. */
async function askProvider(ask: Ask, usual: string | undefined): Promise<string | undefined> {
  const answer = await ask({
    message: "Secrets provider",
    explanation:
      "Encrypts the stack's secrets. A key such as azurekeyvault://<vault>.vault.azure.net/keys/<key> lets pipelines decrypt them by their identity. Left empty Pulumi decides: its own service, or a passphrase where the state is elsewhere.",
    initial: usual,
    problem: (text) => {
      const found = text === "" ? undefined : providerProblem(text);
      return found && asSentence(found);
    },
  });
  // Pulumi's variable would speak where nothing is said.
  return answer || (usual === undefined ? undefined : "default");
}

const secretQuestion = {
  message: "Secret of the API client",
  explanation: "Encrypted by the stack's secrets provider; leave it empty to set it later.",
  isSecret: true,
  problem: () => undefined,
};

function knownAnswers(settings: ReadonlyMap<string, unknown>): TenantAnswers {
  const text = (key: string) => {
    const value = settings.get(key);
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  };
  const datasets = settings.get(DATASETS_KEY);
  return {
    location: text(LOCATION_KEY),
    organisationId: text(`${NAMESPACE}:organisationId`),
    clientId: text(`${NAMESPACE}:clientId`),
    datasets: Array.isArray(datasets) ? (datasets as DatasetAnswer[]) : undefined,
  };
}

function definedOf(answers: TenantAnswers): TenantAnswers {
  return Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== undefined));
}

/** All that is missing, told at once. */
function refuseGaps(
  name: string,
  answers: TenantAnswers,
  secret: string | false | undefined,
  canEncrypt: boolean,
): void {
  const fields = Object.entries(asked) as [keyof typeof asked, { flag: string }][];
  const flags = fields.filter(([field]) => answers[field] === undefined).map(([, { flag }]) => flag);
  if (!answers.datasets?.length) flags.push("--dataset");
  if (secret === undefined && canEncrypt) flags.push("--secret-stdin or --no-secret");
  if (flags.length > 0) throw new QtError("QT9103", { name, flags: flags.join(", ") });
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/** What there is a question for. */
const askedKeys = [...identity, LOCATION_KEY, DATASETS_KEY];

/** What the file would be refused for later is refused now. */
function refuseMistakes(
  name: string,
  settings: ReadonlyMap<string, unknown>,
  {
    provider,
    areGapsAsked = false,
  }: { readonly provider?: string | undefined; readonly areGapsAsked?: boolean },
): void {
  const isGap = (key: string) => areGapsAsked && askedKeys.includes(key) && isNothing(settings.get(key));
  const found = checkTenantConfig(flatConfig({ settings })).mistakes.filter(
    ({ path: [key] }) => key !== SECRET_KEY && !isGap(key),
  );
  const problem = provider === undefined ? undefined : providerProblem(provider);
  const lines = [
    ...(found.length > 0 ? [mistakeList(found)] : []),
    ...(problem === undefined ? [] : [`  - secrets provider: ${problem}`]),
  ];
  if (lines.length === 0) return;
  const count = found.length + (problem === undefined ? 0 : 1);
  throw new QtError("QT9104", { name, count, mistakes: lines.join("\n") });
}
