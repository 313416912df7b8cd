import type { ErrorEntry } from "./error-entry";

export const infraErrors = {} satisfies Record<string, ErrorEntry>;
