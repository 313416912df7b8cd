import type { ErrorEntry } from "./error-entry";

export const armErrors = {
  QT6001: {
    what: "The stand-in does not run resources of type {type} (resource {id}).",
    safe: "Nothing was created; other resources are as they were.",
    next: "Add the type in local/arm/resource-types.ts, or deploy it to Azure with `npx pulumi up -s <tenant>`.",
  },
} satisfies Record<string, ErrorEntry>;
