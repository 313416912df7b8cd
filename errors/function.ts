import type { ErrorEntry } from "./error-entry";

export const functionErrors = {} satisfies Record<string, ErrorEntry>;
