import { EmulatorError } from "../../../errors/emulator-error";
import { ActivityError } from "../run/activity-error";

/** How much of a response's body the message shows. */
const SHOWN_CHARACTERS = 300;

const byStatus: Readonly<Record<number, "QT3101" | "QT3102" | "QT3103" | "QT3104">> = {
  401: "QT3101",
  403: "QT3102",
  404: "QT3103",
  429: "QT3104",
};

/** The failure for an error response: its status, body and trace id, and what to do. */
export async function statusFailure(response: Response): Promise<ActivityError> {
  const { status } = response;
  const code = byStatus[status];
  const advice =
    code === undefined
      ? new EmulatorError(status >= 500 ? "QT3105" : "QT3106", { status })
      : new EmulatorError(code);
  const body = (await response.text().catch(() => "")).slice(0, SHOWN_CHARACTERS).trim();
  const trace = traceId(response.headers);
  const facts = [
    `The HttpStatusCode ${status} indicates failure`,
    ...(body === "" ? [] : [`Response: ${body}`]),
    ...(trace === undefined ? [] : [`Trace id: ${trace}`]),
  ];
  return sourceFailure("HttpStatusCodeIndicatingFailure", advice, facts.join(". "));
}

/** The id by which the source's support finds a request: `x-ms-request-id`, `x-amzn-trace-id` and the like. */
function traceId(headers: Headers): string | undefined {
  for (const end of ["trace-id", "request-id", "correlation-id"]) {
    for (const [name, value] of headers) if (name === end || name.endsWith(`-${end}`)) return value;
  }
  return undefined;
}

/** A failure on the source's side in Data Factory's wording, followed by the emulator's advice. */
export function sourceFailure(
  azureCode: string,
  advice: EmulatorError,
  facts: string,
  cause?: unknown,
): ActivityError {
  return new ActivityError(
    "2200",
    `Failure happened on 'Source' side. ErrorCode=${azureCode}. ${facts}. ${advice.code}: ${advice.message} ${advice.next}`,
    "UserError",
    { cause },
  );
}
