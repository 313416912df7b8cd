import { execFile } from "node:child_process";
import { chown, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";
import { EmulatorError } from "../../../errors/emulator-error";

const run = promisify(execFile);

/** Starts PostgreSQL's programs, which refuse to run as root. */
export interface RunAs {
  /** Set if we are root and change to another user. */
  readonly ids?: { readonly uid: number; readonly gid: number };
  /** The command line that runs `program` as that user. */
  command(program: string, args: readonly string[]): { file: string; args: string[] };
  /** Makes that user the owner of a folder. */
  own(folder: string): Promise<void>;
}

const asOurselves: RunAs = {
  command: (program, args) => ({ file: program, args: [...args] }),
  own: async () => {},
};

const userName = "postgres";

/**
 * The user that runs PostgreSQL: ourselves, or, if we are root, the user `postgres` (created if it is missing).
 * If that user may not enter one of the parent folders (a checkout in /root), `setpriv` passes the capability to enter them
 * to the program; no permission on the machine is changed.
 * @throws EmulatorError QT6102 if neither works.
 */
export async function chooseUser(paths: readonly string[]): Promise<RunAs> {
  if (process.getuid?.() !== 0) return asOurselves;
  const ids = await ensureUser();
  const own = (folder: string): Promise<void> => chown(folder, ids.uid, ids.gid);
  const closed = await firstClosedFolder(paths, ids);
  if (closed === undefined) {
    return { ids, own, command: asOurselves.command };
  }
  const prefix = [
    ...["--reuid", String(ids.uid), "--regid", String(ids.gid), "--clear-groups"],
    ...["--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"],
  ];
  try {
    await run("setpriv", [...prefix, "true"]);
  } catch (cause) {
    throw new EmulatorError("QT6102", { user: userName, folder: closed }, { cause });
  }
  return { own, command: (program, args) => ({ file: "setpriv", args: [...prefix, program, ...args] }) };
}

async function ensureUser(): Promise<{ uid: number; gid: number }> {
  try {
    return await idsOf(userName);
  } catch {
    await run("groupadd", ["--force", userName]);
    await run("useradd", ["--gid", userName, "--no-create-home", "--shell", "/usr/sbin/nologin", userName]);
    return idsOf(userName);
  }
}

async function idsOf(name: string): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all(["-u", "-g"].map((flag) => run("id", [flag, name])));
  return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
}

/** The highest folder above (or at) one of the paths that the user may not pass through. */
async function firstClosedFolder(
  paths: readonly string[],
  ids: { uid: number; gid: number },
): Promise<string | undefined> {
  for (const path of paths) {
    for (const folder of ancestors(resolve(path))) {
      const { mode, uid, gid } = await stat(folder);
      const bit = uid === ids.uid ? 0o100 : gid === ids.gid ? 0o010 : 0o001;
      if ((mode & bit) === 0) return folder;
    }
  }
  return undefined;
}

/** From the root down to the folder that holds the path. */
function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [...ancestors(parent), parent];
}
