/** Names of what holds a secret, in small letters and without separators, at the end of a longer name or alone. */
export const secretNames = [
  "password",
  "passphrase",
  "passwd",
  "secret",
  "token",
  "connectionstring",
  "accountkey",
  "accesskey",
  "sharedkey",
  "storagekey",
  "apikey",
  "functionkey",
  "privatekey",
] as const;

const telling = new RegExp(`(${secretNames.join("|")})s?$`);

/** Whether a property or setting of this name holds a secret, whatever its form is and whether the program marked it or not. */
export function isSecretName(name: string): boolean {
  return telling.test(name.replaceAll(/[_-]/g, "").toLowerCase());
}
