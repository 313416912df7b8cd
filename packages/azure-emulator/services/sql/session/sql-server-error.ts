import type { CodedError } from "../../../../kit/errors/coded-error";

/** An error as SQL Server reports it to a client. */
export class SqlServerError extends Error {
  override readonly name = "SqlServerError";
  readonly state: number;
  /** Severity: 14 permissions and logins, 16 the user's mistake, 20 and above end the connection. */
  readonly class: number;
  readonly procedure: string;
  readonly line: number;

  constructor(
    readonly number: number,
    message: string,
    more: { state?: number; class?: number; procedure?: string; line?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.state = more.state ?? 1;
    this.class = more.class ?? 16;
    this.procedure = more.procedure ?? "";
    this.line = more.line ?? 1;
  }
}

/** An error of the catalogue with its full text: QT6101 becomes number 56101. */
export function fromCodedError(error: CodedError): SqlServerError {
  const text = `${error.code}: ${error.message} Safe: ${error.safe} Next: ${error.next}`;
  return new SqlServerError(50_000 + Number(error.code.slice(2)), text, { cause: error });
}
