import { EmulatorError } from "../../../errors/emulator-error";
import { ActivityError } from "../run/activity-error";

/** Of an answer's body so much is shown. */
const SHOWN_CHARACTERS = 300;

const byStatus: Readonly<Record<number, "QT3101" | "QT3102" | "QT3103" | "QT3104">> = {
  401: "QT3101",
  403: "QT3102",
  404: "QT3103",
  429: "QT3104",
};

/** An answer that is no download: status, Quantemplate's own words, its trace id, and what to do. */
export async function statusFailure(response: Response): Promise<ActivityError> {
  const { status } = response;
  const code = byStatus[status];
  const advice =
    code === undefined
      ? new EmulatorError(status >= 500 ? "QT3105" : "QT3106", { status })
      : new EmulatorError(code);
  const said = (await response.text().catch(() => "")).slice(0, SHOWN_CHARACTERS).trim();
  const trace = response.headers.get("x-qt-trace-id");
  const facts = [
    `The HttpStatusCode ${status} indicates failure`,
    ...(said === "" ? [] : [`Response: ${said}`]),
    ...(trace === null ? [] : [`Trace id: ${trace}`]),
  ];
  return sourceFailure("HttpStatusCodeIndicatingFailure", advice, facts.join(". "));
}

/** A failure on the source's side in Data Factory's words, with this project's advice behind it. */
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
