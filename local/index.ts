/**
 * What commands/ uses of local/. Each part is loaded when it is called: `--help` and `status` must not wait for the Pulumi SDK.
 */
type Attach = typeof import("./commands/attach");
type Bring = typeof import("./commands/daemon");
type Env = typeof import("./commands/env");
type Event = typeof import("./commands/event");
type Lifecycle = typeof import("./commands/lifecycle");
type Load = typeof import("./load-target");
type Start = typeof import("./commands/start");
type Status = typeof import("./commands/status");
type Sync = typeof import("./commands/sync");

export type { PulumiChoice } from "../packages/azure-emulator/engine";
export {
  type LimitPlan,
  limitPlans,
} from "../packages/azure-emulator/services/automation/resources/automation-limits";
export type { EnvFormat, VariableFormat } from "./commands/env";
export { defaultFolder } from "./places";
export { SAMPLE_ROWS } from "./sample-data";

const daemon = () => require("./commands/daemon") as Bring;
const lifecycle = () => require("./commands/lifecycle") as Lifecycle;

/** Deploys, lands two snapshots, syncs after each, compares, and stays up unless `once`. */
export const start: Start["start"] = (...given) => (require("./commands/start") as Start).start(...given);

/** Starts the emulator in its own background process and returns when it is up. */
export const upInBackground: Bring["upInBackground"] = (...given) => daemon().upInBackground(...given);

/** Starts the emulator in the background and prints what a Pulumi CLI of one's own needs to deploy to it. */
export const attach: Attach["attach"] = (...given) =>
  (require("./commands/attach") as Attach).attach(...given);

/** What that process runs. */
export const serve: Bring["serve"] = (...given) => daemon().serve(...given);

/** Changes a dataset at Quantemplate and follows its event to the published rows. */
export const event: Event["event"] = (...given) => (require("./commands/event") as Event).event(...given);

/** One Fivetran sync. */
export const sync: Sync["syncCommand"] = (...given) =>
  (require("./commands/sync") as Sync).syncCommand(...given);

/** Prints all addresses and the state of each dataset. */
export const status: Status["status"] = (...given) =>
  (require("./commands/status") as Status).status(...given);

/** Prints what a tool needs to work with a running stack, as a shell or a driver reads it. */
export const env: Env["env"] = (...given) => (require("./commands/env") as Env).env(...given);

/** The forms of variables, and all forms of that. */
export const variableFormats = (): Env["variableFormatNames"] =>
  (require("./commands/env") as Env).variableFormatNames;

export const envFormats = (): Env["envFormats"] => (require("./commands/env") as Env).envFormats;

/** Stops what runs in the background. */
export const stop: Lifecycle["stop"] = (...given) => lifecycle().stop(...given);

/** Removes all local data and deploys again. */
export const reset: Lifecycle["reset"] = (...given) => lifecycle().reset(...given);

/** Destroys the stack and removes everything local. */
export const down: Lifecycle["down"] = (...given) => lifecycle().down(...given);

/** The Data Factory of a stack that runs on this machine. @throws QtError QT9003 if none runs. */
export const localTarget: Load["localTarget"] = (...given) =>
  (require("./load-target") as Load).localTarget(...given);
