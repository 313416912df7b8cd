import type { ErrorEntry } from "./error-entry";

/** QT30 pipelines' own codes, QT31 a download from Quantemplate that failed, QT32 the runner. */
export const dataFactoryErrors = {
  QT3001: {
    what: "The pipeline QT_fetch_data did not publish the dataset; its message starts with the activity that failed.",
    safe: "The table and the change feed are as they were before the run.",
    next: "Mend what the message names, then run `npm run load -- <dataset>`; the next DatasetUpdated event does the same.",
  },
  QT3002: {
    what: "The pipeline QT_reconcile could not load every dataset.",
    safe: "The other datasets were published; the failed ones are as they were.",
    next: "Look at the QT_fetch_data runs that it started; `npm run load -- --all` runs them again.",
  },
  QT3101: {
    what: "Quantemplate refused the token (401).",
    safe: "Nothing was written; the table is as it was.",
    next: "Check quantemplate:clientId, the client secret in Key Vault and that qtTokenUrl and qtApiUrl are of the same environment, then run `npm run load -- <dataset>`.",
  },
  QT3102: {
    what: "Quantemplate's API client may not read this dataset (403).",
    safe: "Nothing was written; the table is as it was.",
    next: "Share the dataset with the whole organisation, or give the API client access to it, then run `npm run load -- <dataset>`.",
  },
  QT3103: {
    what: "Quantemplate has no such dataset in this organisation (404).",
    safe: "Nothing was written; the table is as it was.",
    next: "Check quantemplate:organisationId and the dataset's id in quantemplate:datasets; take a deleted dataset out of the list.",
  },
  QT3104: {
    what: "Quantemplate answered that there are too many requests (429).",
    safe: "Nothing was written; the table is as it was.",
    next: "Wait for the next event or run `npm run load -- <dataset>` later; lower `concurrency` of QT_fetch_data where it happens often.",
  },
  QT3105: {
    what: "Quantemplate failed to answer ({status}).",
    safe: "Nothing was written; the table is as it was.",
    next: "Run `npm run load -- <dataset>` later; if it stays, give Quantemplate's support the trace id of the message.",
  },
  QT3106: {
    what: "Quantemplate answered {status}, which is no download.",
    safe: "Nothing was written; the table is as it was.",
    next: "Check qtApiUrl; if it is right, give Quantemplate's support the trace id of the message.",
  },
  QT3107: {
    what: "The download was cut off before its end, after {bytes} bytes.",
    safe: "Staged rows were rolled back; the table is as it was.",
    next: "Run `npm run load -- <dataset>`; the pipeline has retried once already.",
  },
  QT3108: {
    what: "Quantemplate could not be reached or did not begin to answer in time.",
    safe: "Nothing was written; the table is as it was.",
    next: "Check qtApiUrl and the network, then run `npm run load -- <dataset>`.",
  },
  QT3109: {
    what: "Quantemplate sent no rows and no header, which this factory is set to refuse.",
    safe: "Nothing was written; the table is as it was.",
    next: "Check the dataset in Quantemplate; the switch is emptyBody in packages/azure-emulator/services/data-factory/copy/azure-csv-behaviour.ts.",
  },
  QT3201: {
    what: "The factory {factory} has no system-assigned identity, so its activities cannot get a token.",
    safe: "Nothing was called.",
    next: 'Give the factory `identity: { type: "SystemAssigned" }` in infra/ and run `npm start` again.',
  },
} satisfies Record<string, ErrorEntry>;
