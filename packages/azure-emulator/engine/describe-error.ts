import { CodedError } from "../../kit/errors/coded-error";
import { messageOf } from "../../kit/reason-of";
import { ArmError } from "../control-plane/local-service";

/** An error as the engine's messages show it. */
export function describeError(error: unknown): string {
  if (error instanceof CodedError) return error.format();
  if (error instanceof ArmError) return `${error.status} ${error.code}: ${error.message}`;
  return messageOf(error);
}
