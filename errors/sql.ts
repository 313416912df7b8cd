import type { ErrorEntry } from "./error-entry";

export const sqlErrors = {} satisfies Record<string, ErrorEntry>;
