import type { ErrorEntry } from "./error-entry";

export const dataFactoryErrors = {} satisfies Record<string, ErrorEntry>;
