import { QtError } from "../../errors/qt-error";
import type { Door } from "./door";
import type { SetupPlan } from "./plan";

/** What steps found or made, for later ones. */
export interface Found {
  /** By the name of an identity. */
  readonly identities: Map<
    string,
    { readonly id: string; readonly appId: string; readonly objectId: string }
  >;
  /** GUIDs of custom roles, by name. */
  readonly roles: Map<string, string>;
  sqlGroupId?: string | undefined;
  /** `https://…/keys/<key>/<version>` */
  keyId?: string | undefined;
  vaultUri?: string | undefined;
  blobUrl?: string | undefined;
}

export interface Setup {
  readonly plan: SetupPlan;
  readonly door: Door;
  readonly found: Found;
  /** Folder of the project. */
  readonly root: string;
}

/** One step of the set-up. */
export interface SetupStep {
  readonly title: string;
  /** What it makes. */
  readonly what: string;
  /** What right whoever makes it needs. */
  readonly right: string;
  /** What it costs. */
  readonly cost: string;
  /** The commands for teams that make it themselves. Unknown ids are in angle brackets. */
  command(setup: Setup): readonly string[] | Promise<readonly string[]>;
  /** What is missing, each in a few words; empty if it is done. Changes nothing. */
  look(setup: Setup): Promise<readonly string[]>;
  /** Makes what is missing. */
  make(setup: Setup): Promise<void>;
}

/** How long Entra and Resource Manager may take to show what was made, and a role to work. */
const LONGEST_WAIT_MS = 10 * 60_000;
const POLL_MS = 5000;

/** Makes a step and waits until it shows. @throws QtError QT9033 if it does not */
export async function makeAndSee(step: SetupStep, setup: Setup): Promise<void> {
  await step.make(setup);
  let missing = await step.look(setup);
  for (let waited = 0; missing.length > 0 && waited < LONGEST_WAIT_MS; waited += POLL_MS) {
    await setup.door.pause(POLL_MS);
    missing = await step.look(setup);
  }
  if (missing.length > 0) throw new QtError("QT9033", { step: step.title, missing: missing.join("; ") });
}

/** Repeats what a fresh role or object may refuse for a while. @param passing statuses that pass */
export async function patiently<T>(
  door: Door,
  passing: readonly number[],
  work: () => Promise<T>,
): Promise<T> {
  for (let waited = 0; ; waited += POLL_MS) {
    try {
      return await work();
    } catch (error) {
      const { status } = error as { status?: unknown };
      if (waited >= LONGEST_WAIT_MS || !passing.includes(Number(status))) throw error;
      await door.pause(POLL_MS);
    }
  }
}
