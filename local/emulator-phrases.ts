import { type HostPhrases, setHostPhrases } from "../packages/azure-emulator/errors/host-phrases";

/** This project's words in the emulator's errors: its commands, files and parties. */
export const projectPhrases: HostPhrases = {
  start: "start it with `npm start`",
  reset: "start from scratch with `npm run local -- reset`",
  otherFolder: "set QT_LOCAL_FOLDER to another folder",
  program: "infra/",
  deploy: "deploy with `npm run local -- up`",
  undeploy: "run `npm run local -- down`",
  unprotect: "set `quantemplate:protect: false` in Pulumi.{stack}.yaml",
  installPulumi: "install the Pulumi CLI (https://www.pulumi.com/docs/install/), or build it with `npm test`",
  sqlFiles: "the files of database/tsql/",
  useSqlServer: "use a real SQL Server (`--database`)",
  serverUrl: "URL of `--database`",
  keepServer: "leave `--database` out",
  runAgain: "run `npm run load -- <dataset>`",
  source: "Quantemplate",
  credentials:
    "quantemplate:clientId, the client secret in Key Vault and that qtTokenUrl and qtApiUrl are of the same environment",
  giveAccess: "share the dataset with the whole organisation, or give the API client access to it",
  whatIsAskedFor:
    "quantemplate:organisationId and the dataset's id in quantemplate:datasets; take a deleted dataset out of the list",
  sourceUrl: "qtApiUrl",
  askSupport: "give Quantemplate's support the trace id of the message",
};

/** Call it before the emulator does anything in this process. Calling it twice does no harm. */
export function nameThisProject(): void {
  setHostPhrases(projectPhrases);
}
