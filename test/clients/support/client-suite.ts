import { execFile } from "node:child_process";
import { skip } from "../../../packages/kit/testing/skip";
import { type ClientsName, installationOf } from "./installation";
import { startTarget, type Target } from "./target";

/** One process of a client's, which exits with 0 if everything is as expected. */
export interface ClientCall {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** What the calls can use. */
export interface ClientPlace {
  /** The folder of the fetched clients. */
  readonly folder: string;
  readonly target: Target;
}

/**
 * A suite whose tests are runs of real clients against an emulator of its own. It is skipped, with the reason, where the
 * clients are not.
 * @param cases by title: the process to run
 */
export function describeClients(
  title: string,
  name: ClientsName,
  cases: Readonly<Record<string, (place: ClientPlace) => ClientCall>>,
): void {
  describe(title, () => {
    let place: ClientPlace | undefined;
    before(async function () {
      const found = await installationOf(name);
      if ("reason" in found) skip(this, found.reason);
      place = { folder: found.folder, target: await startTarget() };
    });
    after(() => place?.target.stop());
    for (const [what, call] of Object.entries(cases))
      it(what, () => {
        if (place === undefined) throw new Error("There is no emulator.");
        return runCall(call(place), place.target);
      });
  });
}

function runCall({ command, args, cwd, environment }: ClientCall, target: Target): Promise<void> {
  const env = { ...process.env, NO_PROXY: "127.0.0.1,localhost", ...target.environment, ...environment };
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd, env, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`${command} failed: ${error.code ?? error.message}\n${stdout}${stderr}`));
    });
  });
}
