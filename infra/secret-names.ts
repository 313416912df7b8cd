/** Names of what holds a secret, alone or at the end of a longer name, as words. */
export const secretNames = [
  "password",
  "passphrase",
  "passwd",
  "pwd",
  "secret",
  "secret text",
  "secret value",
  "token",
  "connection string",
  "access signature",
  "account key",
  "access key",
  "primary key",
  "secondary key",
  "shared key",
  "storage key",
  "api key",
  "function key",
  "private key",
] as const;

const telling = new RegExp(`(${secretNames.join("|").replaceAll(" ", "")})s?$`);

/** Such a name inside of a text, as the source of a regular expression that ignores case: `$DB_PASSWORD`, `client-secret`. */
export const secretNamePattern = `[\\w$.:-]*(?:${secretNames.join("|").replaceAll(" ", "[_-]?")})s?`;

/** Whether a property or setting of this name holds a secret, whatever its form is and whether the program marked it or not. */
export function isSecretName(name: string): boolean {
  return telling.test(name.replaceAll(/[_-]/g, "").toLowerCase());
}
