import type { ErrorEntry } from "./error-entry";

export const saasErrors = {} satisfies Record<string, ErrorEntry>;
