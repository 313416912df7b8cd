import type { ErrorCatalogue } from "../packages/kit/errors/error-entry";

/** QT30: the pipelines' own codes. The emulator has QT31 and QT32. */
export const dataFactoryErrors = {
  QT3001: {
    what: "The pipeline QT_fetch_data did not publish the dataset; its message starts with the activity that failed.",
    safe: "The table and the change feed are as they were before the run.",
    next: "Fix what the message names, then run `npm run load -- <dataset>`; the next DatasetUpdated event does the same.",
  },
  QT3002: {
    what: "The pipeline QT_reconcile could not load every dataset.",
    safe: "The other datasets were published; the failed ones are as they were.",
    next: "Look at the QT_fetch_data runs that it started; `npm run load -- --all` runs them again.",
  },
} as const satisfies ErrorCatalogue;
