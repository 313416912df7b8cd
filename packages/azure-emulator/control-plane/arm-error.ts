import type { CodedError } from "../../kit/errors/coded-error";

/** What some errors say besides. */
export interface ArmErrorDetails {
  readonly target?: string;
  readonly additionalInfo?: readonly { readonly type: string; readonly info: unknown }[];
}

/** An error of the emulator's own catalogue as an answer, with its code and what to do next. */
export function answerOf(error: CodedError, status: number): ArmError {
  return new ArmError(status, error.code, `${error.message} ${error.next}`);
}

/** An ARM error: `{ "error": { "code", "message" } }` with its status. */
export class ArmError extends Error {
  override readonly name = "ArmError";
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    private readonly more: ArmErrorDetails = {},
  ) {
    super(message);
  }

  /** The body that Resource Manager answers with. */
  get body(): { readonly error: { readonly code: string; readonly message: string } & ArmErrorDetails } {
    return { error: { code: this.code, message: this.message, ...this.more } };
  }
}
