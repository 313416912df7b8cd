import type { CodedError } from "../../kit/errors/coded-error";
import { errorClass } from "../../kit/errors/error-class";
import { automationErrors } from "./automation";
import { controlPlaneErrors } from "./control-plane";
import { dataFactoryErrors } from "./data-factory";
import { engineErrors } from "./engine";
import { hostPhrases } from "./host-phrases";
import { networkErrors } from "./network";
import { sqlErrors } from "./sql";

/** Every error that the emulator raises on purpose, by code. Code that runs in the emulator, such as procedures and functions, raises its own errors. */
export const emulatorErrors = {
  ...automationErrors,
  ...dataFactoryErrors,
  ...controlPlaneErrors,
  ...networkErrors,
  ...sqlErrors,
  ...engineErrors,
} as const;

/** An error of the emulator. Catch {@link CodedError} if the host's errors may occur too. */
export const EmulatorError = errorClass("EmulatorError", emulatorErrors, hostPhrases);
export type EmulatorError = CodedError<keyof typeof emulatorErrors>;
