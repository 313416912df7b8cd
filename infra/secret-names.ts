/** Names of what holds a secret, alone or at the end of a longer name, as words. */
export const secretNames = [
  "password",
  "passphrase",
  "passwd",
  "secret",
  "token",
  "connection string",
  "account key",
  "access key",
  "shared key",
  "storage key",
  "api key",
  "function key",
  "private key",
] as const;

const telling = new RegExp(`(${secretNames.join("|").replaceAll(" ", "")})s?$`);

/** Whether a property or setting of this name holds a secret, whatever its form is and whether the program marked it or not. */
export function isSecretName(name: string): boolean {
  return telling.test(name.replaceAll(/[_-]/g, "").toLowerCase());
}
