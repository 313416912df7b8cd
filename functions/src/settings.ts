import { QtError } from "../../errors/qt-error";
import { MAX_PAGE_BYTES } from "./options";

/** What the platform provides to the function: its application settings and its managed identity. */
export interface Settings {
  /** Host name of the SQL server. */
  readonly server: string;
  readonly port: number;
  readonly database: string;
  /** Client id of the user-assigned identity that logs in to the database. */
  readonly clientId: string;
  readonly identityEndpoint: string;
  readonly identityHeader: string;
}

/** The environment that settings are read from. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The port of SQL Server if the setting has none. */
const DEFAULT_PORT = 1433;

/**
 * Reads the settings that every call needs.
 * @throws QtError QT5001, which names the first missing setting.
 */
export function readSettings(environment: Environment): Settings {
  return {
    ...parseServer(required(environment, "SQL_SERVER")),
    database: required(environment, "SQL_DATABASE"),
    clientId: required(environment, "AZURE_CLIENT_ID"),
    identityEndpoint: required(environment, "IDENTITY_ENDPOINT"),
    identityHeader: required(environment, "IDENTITY_HEADER"),
  };
}

/**
 * The address that issues Quantemplate's tokens; only the connection test needs it.
 * @throws QtError QT5001
 */
export function readTokenUrl(environment: Environment): string {
  return required(environment, "QT_TOKEN_URL");
}

/**
 * The most that a page may hold, in bytes: what the tenant's settings say of the instance's memory.
 * @throws QtError QT5001
 */
export function readPageBytesLimit(environment: Environment): number {
  const text = environment.PAGE_BYTES_LIMIT?.trim();
  if (!text) return MAX_PAGE_BYTES;
  const bytes = Number(text);
  if (!Number.isInteger(bytes) || bytes < 1) throw new QtError("QT5001", { setting: "PAGE_BYTES_LIMIT" });
  return Math.min(bytes, MAX_PAGE_BYTES);
}

/** SQL Server's notation `host[,port]`. */
function parseServer(text: string): { server: string; port: number } {
  const [server, port] = text.split(",").map((part) => part.trim());
  const number = port === undefined ? DEFAULT_PORT : Number(port);
  if (!server || !Number.isInteger(number)) throw new QtError("QT5001", { setting: "SQL_SERVER" });
  return { server, port: number };
}

function required(environment: Environment, setting: string): string {
  const value = environment[setting]?.trim();
  if (!value) throw new QtError("QT5001", { setting });
  return value;
}
