import { readFile } from "node:fs/promises";
import { httpsCall } from "../../packages/azure-emulator/control-plane/https-call";
import { type Environment, requireEnvironment } from "../environment";
import { adoNetString, environmentVariables, jdbcUrl, odbcString } from "./environment-values";
import { quoteDotenv, quotePowerShell, quoteShell } from "./quote-values";

type Variables = Readonly<Record<string, string>>;

const lines = (line: (name: string, value: string) => string) => (variables: Variables) =>
  Object.entries(variables)
    .map(([name, value]) => line(name, value))
    .join("\n");

const variableFormats = {
  shell: lines((name, value) => `export ${name}=${quoteShell(value)}`),
  powershell: lines((name, value) => `$env:${name} = ${quotePowerShell(value)}`),
  dotenv: lines((name, value) => {
    const quoted = quoteDotenv(value);
    return quoted === undefined
      ? `# ${name} is left out: no quotes of a .env file can hold it.`
      : `${name}=${quoted}`;
  }),
  json: (variables: Variables) => JSON.stringify(variables, null, 2),
} satisfies Record<string, (variables: Variables) => string>;

const databaseFormats = {
  jdbc: jdbcUrl,
  adonet: adoNetString,
  odbc: odbcString,
} satisfies Record<string, (environment: Environment) => string>;

/** The forms of environment variables. */
export type VariableFormat = keyof typeof variableFormats;
export const variableFormatNames = Object.keys(variableFormats) as VariableFormat[];

export type EnvFormat = VariableFormat | keyof typeof databaseFormats;
export const envFormats = Object.keys({ ...variableFormats, ...databaseFormats }) as EnvFormat[];

/** Variables in a form that a shell or a tool reads. */
export function variableText(variables: Variables, format: VariableFormat): string {
  return `${variableFormats[format](variables)}\n`;
}

/** The environment in a form that a shell or a driver reads. */
export function envText(environment: Environment, format: EnvFormat, more: Variables = {}): string {
  const isVariables = (name: EnvFormat): name is VariableFormat => Object.hasOwn(variableFormats, name);
  return isVariables(format)
    ? variableText({ ...environmentVariables(environment), ...more }, format)
    : `${databaseFormats[format](environment)}\n`;
}

/**
 * Prints what a tool needs to work with a running stack, its secrets included.
 * @param from a subnet, `<network>/<subnet>` or its id: programs of Node that get these variables run in it
 * @throws QtError QT9003 if nothing runs, Error naming the subnets if there is none of this name
 */
export async function env(folder: string, stack: string, format: EnvFormat, from?: string): Promise<void> {
  const environment = await requireEnvironment(folder, stack);
  const inside = from === undefined ? {} : await networkVariables(environment, from);
  process.stdout.write(envText(environment, format, inside));
}

/** The variables by which a program of Node runs in a subnet. */
export async function networkVariables(
  { arm }: Pick<Environment, "arm">,
  subnet: string,
): Promise<Variables> {
  const { status, body } = await httpsCall(
    `${arm.endpoint}/network/environment?subnet=${encodeURIComponent(subnet)}`,
    await readFile(arm.caFile, "utf8"),
    { headers: { authorization: `Bearer ${arm.token}` } },
  );
  const answer = JSON.parse(body.toString()) as Variables & { readonly error?: { readonly message: string } };
  if (status !== 200) throw new Error(answer.error?.message ?? `${arm.endpoint} answered ${status}.`);
  return answer;
}
