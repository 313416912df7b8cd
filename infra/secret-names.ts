/** Names of things that hold a secret, as words. They count alone or at the end of a longer name. */
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

const secretEnding = new RegExp(`(${secretNames.join("|").replaceAll(" ", "")})s?$`);

/** Matches such a name inside a text, such as `$DB_PASSWORD` or `client-secret`: the source of a case-insensitive regular expression. */
export const secretNamePattern = `[\\w$.:-]*(?:${secretNames.join("|").replaceAll(" ", "[_-]?")})s?`;

/** True if a property or setting of this name holds a secret, in any spelling, whether or not the program marked it. */
export function isSecretName(name: string): boolean {
  return secretEnding.test(name.replaceAll(/[_-]/g, "").toLowerCase());
}
