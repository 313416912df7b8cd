/** What Pulumi and Node print around the reason of a failure. */
const empty = [
  /^Running program '.*' failed with an unhandled exception:$/,
  /^(create|update|delete|replace|read|refresh|import|[a-z-]+-replacement) .* failed$/,
  /^(preview|update|refresh|destroy)( of .*)? failed:?$/,
  /^error:$/,
  /^\s*$/,
];

/** The first line of a stack's problems that says something; undefined if there are none. */
export function tellingLine(problems: readonly string[]): string | undefined {
  const lines = problems.flatMap((problem) => problem.split("\n"));
  return lines.find((line) => !empty.some((form) => form.test(line))) ?? lines[0];
}
