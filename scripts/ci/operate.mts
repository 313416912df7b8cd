// Does what a deployment's job is asked for, with the tenants of its environment, and writes the result as run-fleet.mts does.
//   VERB=up|up-refresh|destroy|cancel TENANTS=<condition on a tag> [TENANT=<name>] node scripts/ci/operate.mts <folder>
// The condition holds beside the name: an environment's identity never works on a tenant of another one.
import { runFleet } from "./run-fleet.mts";
import { showSummary } from "./step-summary.mts";

const verbs: Readonly<Record<string, readonly string[]>> = {
  up: ["up", "--yes"],
  "up-refresh": ["up", "--refresh", "--yes"],
  destroy: ["destroy", "--yes"],
  cancel: ["cancel"],
};
/** These never take a whole ring. */
const forOne = ["destroy", "cancel"];

const { VERB: verb = "up", TENANTS: tag = "", TENANT: tenant = "" } = process.env;
const [folder = "deploy"] = process.argv.slice(2);
const args = verbs[verb];

function refuse(why: string): never {
  process.stderr.write(`Nothing was started: ${why}\n`);
  process.exit(2);
}
if (args === undefined) refuse(`VERB is ${verb}, not one of ${Object.keys(verbs).join(", ")}.`);
if (tag === "") refuse("TENANTS names no tenants, such as ring=canary.");
if (tenant === "" && forOne.includes(verb)) refuse(`${verb} needs the name of one tenant.`);

const code = await runFleet(folder, [...args, "--tag", tag, ...(tenant === "" ? [] : ["--tenant", tenant])]);
showSummary(`${folder}/summary.md`);
process.exit(code);
