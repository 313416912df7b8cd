import type { ErrorEntry } from "./error-entry";

export const engineErrors = {} satisfies Record<string, ErrorEntry>;
