import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { QtError } from "../../errors/qt-error";
import {
  checkTenantConfig,
  DATASETS_KEY,
  EMULATOR_ONLY_KEY,
  LOCATION_KEY,
  mistakeList,
  NAMESPACE,
  SQL_ADMIN_KEY,
} from "../../infra/config-check";
import { findPulumi } from "../../packages/kit/find-pulumi";
import { providerProblem, usualProvider } from "../../tenants/secrets-provider";
import { stackName } from "../../tenants/stack-name";
import { commonValues, flatConfig, isGivenByEmulator, readTenant } from "../../tenants/tenant";
import { existingTenantFile, namesakes, tenantFile, tenantName } from "../../tenants/tenant-files";
import { composeFile, composeSettings, type DatasetAnswer, type TenantAnswers } from "./compose-file";
import { type EncryptedSecret, encryptSecret } from "./encrypt-secret";
import { type Ask, asked, askTenant, asSentence } from "./questions";

export interface NewTenantOptions {
  readonly root: string;
  readonly name: string;
  /** The tenant whose settings are copied, but never its secrets. */
  readonly from?: string | undefined;
  readonly given: TenantAnswers;
  /** The API client's secret; false: it is set later. */
  readonly secret?: string | false | undefined;
  /** What encrypts the stack's secrets, as `pulumi stack init --secrets-provider` takes it. */
  readonly secretsProvider?: string | undefined;
  /** Asks for the rest; without it, nothing is asked. */
  readonly ask?: Ask | undefined;
}

export interface NewTenant extends Omit<EncryptedSecret, "deployer"> {
  readonly name: string;
  readonly file: string;
  /** What encrypts the stack's secrets; undefined if Pulumi decides, or uses its backend's service. */
  readonly secretsProvider?: string;
}

/**
 * Writes a tenant's file, creates its stack, and lets the stack's secrets provider encrypt the secret into the file.
 * If Pulumi cannot do the last two now, the file stays without the secret and `next` has the commands.
 * @throws QtError QT9101 to QT9105, QT9111, QT9113; then nothing was written.
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
  // Mistakes that no question can correct are reported before the first question.
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
  const { deployer, ...encrypted } = await encryptSecret({
    root,
    name,
    provider,
    secret: value === "" ? false : value,
  });
  const used = provider ?? (readTenant(root, name).passphrase && "passphrase");
  return {
    name,
    file: tenantFile(name),
    ...(used === undefined ? {} : { secretsProvider: used }),
    ...encrypted,
    // The last one deploys.
    next: encrypted.next.toSpliced(
      -1,
      0,
      ...(settings.has(SQL_ADMIN_KEY) || common.has(SQL_ADMIN_KEY) ? [] : administratorSteps(deployer, name)),
    ),
  };
}

/** These settings identify a tenant, so every tenant is asked for its own. */
const identity = [`${NAMESPACE}:organisationId`, `${NAMESPACE}:clientId`];

function clonedSettings(root: string, from: string): Map<string, unknown> {
  existingTenantFile(root, from, "QT9113");
  const settings = composeSettings({}, readTenant(root, from).own);
  for (const key of [...identity, EMULATOR_ONLY_KEY]) settings.delete(key);
  return settings;
}

function refuseSecond(root: string, name: string): void {
  const [second] = existsSync(join(root, tenantFile(name))) ? [name] : namesakes(root, name);
  if (second !== undefined) throw new QtError("QT9102", { name: second, file: tenantFile(second) });
}

/** What to run until the file names the database's administrator: people look up a group's id elsewhere. */
function administratorSteps(pulumi: string, name: string): string[] {
  const set = (field: string, value: string) =>
    `${pulumi} config set --path ${SQL_ADMIN_KEY}.${field} "${value}" -s ${stackName(name)}`;
  return [set("login", "<group of the deployers>"), set("objectId", "<its object id>")];
}

/** Never overwrites a file, not even one that was created during the questions. */
function writeNew(root: string, name: string, text: string): void {
  try {
    writeFileSync(join(root, tenantFile(name)), text, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new QtError("QT9102", { name, file: tenantFile(name) });
  }
}

/** @returns undefined if Pulumi decides. */
async function askProvider(ask: Ask, usual: string | undefined): Promise<string | undefined> {
  const answer = await ask({
    message: "Secrets provider",
    explanation:
      "Encrypts the stack's secrets. A key such as azurekeyvault://<vault>.vault.azure.net/keys/<key>/<version> lets pipelines decrypt them with their identity. If you leave it empty, Pulumi decides: its own service, or a passphrase if the state is elsewhere.",
    initial: usual,
    problem: (text) => {
      const found = text === "" ? undefined : providerProblem(text);
      return found && asSentence(found);
    },
  });
  // Without an explicit value, Pulumi's variable would apply.
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

/** Reports everything that is missing at once. */
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

/** The settings that have a question. */
const askedKeys = [...identity, LOCATION_KEY, DATASETS_KEY];

/** Refuses now what the program would refuse later. */
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
    (mistake) => !isGivenByEmulator({ settings }, mistake) && !isGap(mistake.path[0]),
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
