import { ArmError } from "../../control-plane/arm-error";

/** An error of Key Vault's data plane: beside code and message it may have an inner code, which clients branch on. */
export class KeyVaultError extends ArmError {
  constructor(
    status: number,
    code: string,
    message: string,
    readonly inner?: string,
  ) {
    super(status, code, message);
  }

  override get body() {
    const inner = this.inner === undefined ? {} : { innererror: { code: this.inner } };
    return { error: { code: this.code, message: this.message, ...inner } };
  }
}

export function badParameter(message: string): KeyVaultError {
  return new KeyVaultError(400, "BadParameter", message);
}

/** What the emulator's vaults do not have: refused by name, so that nobody takes it for a secret that is missing. */
export function notSupported(what: string): KeyVaultError {
  return new KeyVaultError(501, "NotImplemented", `The emulator's key vaults do not have: ${what}.`);
}
