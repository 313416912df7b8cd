// Refuses to deploy an older program over a newer one: what is deployed must be the newest commit of main. The first attempt of a
// merge's own run passes even if main has moved on, because those runs come in the order of the merges (`concurrency`, `lockBehavior`).
// A run that somebody repeats or starts by hand can come at any time.
//   node scripts/ci/refuse-older.mts       in a checkout that has origin/main
import { execFileSync } from "node:child_process";

const { env } = process;
const attempts = [env.GITHUB_RUN_ATTEMPT, env.SYSTEM_STAGEATTEMPT, env.SYSTEM_JOBATTEMPT];
const ownRun = ["push", "IndividualCI", "BatchedCI"].includes(
  env.GITHUB_EVENT_NAME ?? env.BUILD_REASON ?? "",
);
const commit = (ref: string) =>
  execFileSync("git", ["rev-parse", "--verify", `${ref}^{commit}`], { encoding: "utf8" }).trim();

const [ours, newest] = [commit("HEAD"), commit("origin/main")];
if (ours !== newest && !(ownRun && attempts.every((attempt) => (attempt ?? "1") === "1"))) {
  process.stderr.write(
    `Not deployed: this is ${ours.slice(0, 10)}, and main is at ${newest.slice(0, 10)}. Start a new run of main.\n`,
  );
  process.exitCode = 1;
}
