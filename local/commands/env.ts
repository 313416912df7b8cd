import { type Environment, requireEnvironment } from "../environment";
import { adoNetString, environmentVariables, jdbcUrl, odbcString } from "./environment-values";
import { quoteDotenv, quotePowerShell, quoteShell } from "./quote-values";

const variableLines =
  (line: (name: string, value: string) => string) =>
  (environment: Environment): string =>
    Object.entries(environmentVariables(environment))
      .map(([name, value]) => line(name, value))
      .join("\n");

const formats = {
  shell: variableLines((name, value) => `export ${name}=${quoteShell(value)}`),
  powershell: variableLines((name, value) => `$env:${name} = ${quotePowerShell(value)}`),
  dotenv: variableLines((name, value) => {
    const quoted = quoteDotenv(value);
    return quoted === undefined
      ? `# ${name} is left out: no quotes of a .env file can hold it.`
      : `${name}=${quoted}`;
  }),
  json: (environment: Environment) => JSON.stringify(environmentVariables(environment), null, 2),
  jdbc: jdbcUrl,
  adonet: adoNetString,
  odbc: odbcString,
} satisfies Record<string, (environment: Environment) => string>;

export type EnvFormat = keyof typeof formats;
export const envFormats = Object.keys(formats) as EnvFormat[];

/** The environment in a form that a shell or a driver reads. */
export function envText(environment: Environment, format: EnvFormat): string {
  return `${formats[format](environment)}\n`;
}

/** Prints what a tool needs to work with a running stack, its secrets included. @throws QtError QT9003 if nothing runs. */
export async function env(folder: string, stack: string, format: EnvFormat): Promise<void> {
  process.stdout.write(envText(await requireEnvironment(folder, stack), format));
}
