/** What some errors say besides. */
export interface ArmErrorDetails {
  readonly target?: string;
  readonly additionalInfo?: readonly { readonly type: string; readonly info: unknown }[];
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
