import type { ErrorEntry } from "./error-entry";

export const armErrors = {
  QT6001: {
    what: "The stand-in does not run resources of type {type} (resource {id}).",
    safe: "Nothing was created; other resources are as they were.",
    next: "Where the type only has to exist, add it to packages/azure-emulator/services/passive/resource-types.ts; else deploy to Azure with `pulumi up -s <tenant>`.",
  },
  QT6002: {
    what: "The stand-in's journal of resources cannot be read: {file}, line {line}, is not JSON.",
    safe: "Nothing was changed; the databases stand in files of their own.",
    next: "Repair the line, or start afresh with `npm run local -- reset` and `npm start`.",
  },
  QT6003: {
    what: "The stand-in of folder {folder} was closed, so nothing more is written there.",
    safe: "What was acknowledged before is on disk.",
    next: "Start it again with `npm start`.",
  },
  QT6004: {
    what: "Process {pid} already runs a stand-in on folder {folder}.",
    safe: "Nothing was read or written.",
    next: "Stop that process, or use another folder with QT_LOCAL_FOLDER.",
  },
} satisfies Record<string, ErrorEntry>;
