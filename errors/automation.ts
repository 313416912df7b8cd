import type { ErrorEntry } from "./error-entry";

export const automationErrors = {} satisfies Record<string, ErrorEntry>;
