import type { ErrorEntry } from "./error-entry";

export const databaseErrors = {} satisfies Record<string, ErrorEntry>;
