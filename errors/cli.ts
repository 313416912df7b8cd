import type { ErrorEntry } from "./error-entry";

export const cliErrors = {} satisfies Record<string, ErrorEntry>;
