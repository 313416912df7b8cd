import { EmulatorError } from "../../../errors/emulator-error";

/** A SQL Server as its URL names it, with a login that may create databases and logins. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Where the login goes to create others. */
  readonly database: string;
  readonly encrypt: boolean;
  readonly trustServerCertificate: boolean;
}

/** Unless the host names another. */
export const PASSWORD_VARIABLE = "AZURE_EMULATOR_SQL_PASSWORD";

const form =
  "mssql://user@host[:port][/database][?encrypt=true|false&trustServerCertificate=true|false], with the password in ";
const options: ReadonlySet<string> = new Set(["encrypt", "trustServerCertificate"]);

/**
 * Reads `mssql://user:password@host[:port][/database][?encrypt=…&trustServerCertificate=…]`. TLS is the default, but for a server on
 * this machine. The password appears in no error.
 * @param variable environment variable with the password of a URL that holds none: every process of the machine sees arguments
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

/** The URL with this password where it holds none. What is no such URL stays as it is, for `parseServerUrl` to refuse. */
export function withPassword(text: string, password: string | undefined): string {
  if (password === undefined || !URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.username === "" || url.password !== "") return text;
  url.password = encodeURIComponent(password);
  return url.href;
}

/** As messages name it. */
export function shownServer({ host, port }: Pick<ServerAddress, "host" | "port">): string {
  return `${host},${port}`;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
