import { CodedError } from "../../../../kit/errors/coded-error";
import { messageOf } from "../../../../kit/reason-of";
import { ActivityError } from "../run/activity-error";

/** The sink's error in Data Factory's wording. An unreadable CSV is a failure of the source, although the sink detects it. */
export function sinkFailure(error: unknown): ActivityError {
  const message = messageOf(error);
  const unreadable = message.startsWith("DelimitedText");
  const [side, what] = unreadable ? ["Source", message] : ["Sink", `SqlOperationFailed. ${message}`];
  const advice = error instanceof CodedError ? ` ${error.code}: ${error.next}` : "";
  return new ActivityError(
    "2200",
    `Failure happened on '${side}' side. ErrorCode=${what}${advice}`,
    "UserError",
    {
      cause: error,
    },
  );
}
