/**
 * The words of the emulator's errors for the project around it, in general terms. A host that can be more specific, for example name
 * the command that resets the emulator, sets its own words with {@link setHostPhrases}. They begin in lower case and may contain the
 * placeholders of the text that they are part of.
 */
export const defaultPhrases = {
  /** About starting and resetting the emulator. */
  start: "start the emulator",
  reset: "start from scratch with an empty folder",
  otherFolder: "use another folder",
  /** About the deployment. */
  program: "the program",
  deploy: "deploy the program",
  undeploy: "destroy what the program deployed",
  unprotect: "remove the protection of stack {stack}",
  installPulumi: "install the Pulumi CLI (https://www.pulumi.com/docs/install/)",
  /** About the databases. */
  sqlFiles: "the SQL files that it was given",
  useSqlServer: "use a real SQL Server",
  serverUrl: "URL of the SQL Server",
  keepServer: "name no server",
  /** About pipelines and their sources. */
  runAgain: "run the pipeline again",
  source: "The source of the copy",
  credentials: "the credentials that the pipeline sends",
  giveAccess: "give this client access at the source",
  whatIsAskedFor: "the address that the pipeline asks for",
  sourceUrl: "the source's URL",
  askSupport: "ask those who run the source",
} as const;

export type HostPhrases = Readonly<Record<keyof typeof defaultPhrases, string>>;

let phrases: HostPhrases = defaultPhrases;

/** The phrases of this process's host. */
export function hostPhrases(): HostPhrases {
  return phrases;
}

/**
 * Sets the host's own phrases for this process; call it once at the start. They apply to the whole process because errors are created
 * in places that do not know the host. Phrases that are left out keep the general words.
 */
export function setHostPhrases(own: Partial<HostPhrases>): void {
  phrases = { ...defaultPhrases, ...own };
}
