import { EmulatorError } from "../../../errors/emulator-error";

/** The parts of a SQL Server's URL, with a login that may create databases and logins. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The database in which the login creates others. */
  readonly database: string;
  readonly encrypt: boolean;
  readonly trustServerCertificate: boolean;
}

/** The default; the host may name another variable. */
export const PASSWORD_VARIABLE = "AZURE_EMULATOR_SQL_PASSWORD";

const form =
  "mssql://user@host[:port][/database][?encrypt=true|false&trustServerCertificate=true|false], with the password in ";
const options: ReadonlySet<string> = new Set(["encrypt", "trustServerCertificate"]);

/**
 * Reads `mssql://user:password@host[:port][/database][?encrypt=…&trustServerCertificate=…]`. TLS is the default, except for a server on
 * this machine. No error shows the password.
 * @param variable environment variable with the password if the URL has none; every process on the machine can see arguments
 * @throws EmulatorError QT9021
 */
export function parseServerUrl(text: string, variable = PASSWORD_VARIABLE): ServerAddress {
  const refuse = (reason: string) => new EmulatorError("QT9021", { reason, form: `${form}${variable}` });
  if (!URL.canParse(text))
    throw refuse("it is not a URL (special characters of the password must be percent-encoded)");
  const url = new URL(text);
  if (url.protocol !== "mssql:") throw refuse(`it begins with ${url.protocol}//`);
  if (url.hostname === "") throw refuse("it names no host");
  if (url.username === "") throw refuse("it names no user");
  if (url.password === "") throw refuse(`it holds no password, and ${variable} is not set`);
  const unknown = [...url.searchParams.keys()].find((name) => !options.has(name));
  if (unknown !== undefined) throw refuse(`${unknown} is not an option`);
  const flag = (name: string, otherwise: boolean): boolean => {
    const value = url.searchParams.get(name) ?? String(otherwise);
    if (value !== "true" && value !== "false") throw refuse(`${name} must be true or false`);
    return value === "true";
  };
  const decoded = (part: string): string => {
    try {
      return decodeURIComponent(part);
    } catch {
      throw refuse("its user, password or database is not percent-encoded (% itself is %25)");
    }
  };
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return {
    host,
    port: Number(url.port || 1433),
    user: decoded(url.username),
    password: decoded(url.password),
    database: decoded(url.pathname.slice(1)) || "master",
    encrypt: flag("encrypt", !isLoopback(host)),
    trustServerCertificate: flag("trustServerCertificate", false),
  };
}

/** The URL with this password if it has none. An invalid URL is returned unchanged, and `parseServerUrl` refuses it. */
export function withPassword(text: string, password: string | undefined): string {
  if (password === undefined || !URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.username === "" || url.password !== "") return text;
  url.password = encodeURIComponent(password);
  return url.href;
}

/** The server's name in messages. */
export function shownServer({ host, port }: Pick<ServerAddress, "host" | "port">): string {
  return `${host},${port}`;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
