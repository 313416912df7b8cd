/**
 * What the emulator's errors say of the project around it, in general words. A host that knows better, say the command that resets
 * the emulator, puts its own words there with {@link setHostPhrases}. They begin in lower case, and may hold the placeholders for
 * details that the same text has.
 */
export const defaultPhrases = {
  /** Of the emulator's life. */
  start: "start the emulator",
  reset: "start from scratch with an empty folder",
  otherFolder: "use another folder",
  /** Of what is deployed. */
  program: "the program",
  deploy: "deploy the program",
  undeploy: "destroy what the program deployed",
  unprotect: "take the protection of stack {stack} off",
  installPulumi: "install the Pulumi CLI (https://www.pulumi.com/docs/install/)",
  /** Of the databases. */
  sqlFiles: "the SQL files that it was given",
  useSqlServer: "use a real SQL Server",
  serverUrl: "URL of the SQL Server",
  keepServer: "name no server",
  /** Of pipelines and what they copy from. */
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
 * The host's own phrases, for this process; call it once at its start. They are one setting of a process, because an error is made
 * in places that know no host. Phrases that are left out stay the general ones.
 */
export function setHostPhrases(own: Partial<HostPhrases>): void {
  phrases = { ...defaultPhrases, ...own };
}
