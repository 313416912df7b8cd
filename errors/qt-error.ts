import type { CodedError } from "../packages/kit/errors/coded-error";
import { errorClass } from "../packages/kit/errors/error-class";
import { catalogue, type ErrorCode } from "./catalogue";

/** An error of the product. Catch {@link CodedError} if an emulator error is possible too. */
export const QtError = errorClass("QtError", catalogue);
export type QtError = CodedError<ErrorCode>;
