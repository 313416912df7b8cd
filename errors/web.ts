import type { ErrorEntry } from "./error-entry";

export const webErrors = {} satisfies Record<string, ErrorEntry>;
