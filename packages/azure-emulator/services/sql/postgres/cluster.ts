import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { EmulatorError } from "../../../errors/emulator-error";
import { findBinaries, type PostgresBinaries } from "./binaries";
import { readPostmaster, stopOrphan } from "./postmaster";
import { chooseUser, type RunAs } from "./run-as";
import { initArguments, serverArguments } from "./settings";

/** The address and login of the cluster; only this process knows the password. */
export interface ClusterAddress {
  readonly host: "127.0.0.1";
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

const superuser = "postgres";

/**
 * One PostgreSQL server in its own folder: `data`, `postgres.log` and the random password.
 * It survives a kill of this process; the next start stops a server that was left running and lets PostgreSQL recover.
 */
export class PostgresCluster {
  readonly #folder: string;
  readonly #data: string;
  readonly #log: string;
  #child: ChildProcess | undefined;
  #binaries: PostgresBinaries | undefined;
  #user: RunAs | undefined;
  readonly #stopAtExit = (): void => void this.#child?.kill("SIGINT");

  constructor(folder: string) {
    this.#folder = folder;
    this.#data = join(folder, "data");
    this.#log = join(folder, "postgres.log");
  }

  /** @throws EmulatorError QT6102, QT6103 or QT6108 */
  async start(port: number): Promise<ClusterAddress> {
    await mkdir(this.#folder, { recursive: true });
    const binaries = await findBinaries();
    const user = await chooseUser([this.#data, binaries.postgres]);
    this.#binaries = binaries;
    this.#user = user;
    const password = await this.#password();
    if (!existsSync(join(this.#data, "PG_VERSION"))) await this.#initialise(password);
    await stopOrphan(this.#data);
    await this.#launch(binaries.postgres, await serverArguments(this.#data, port));
    return { host: "127.0.0.1", port, user: superuser, password };
  }

  /** Ends all connections, writes a checkpoint and waits for the server to end. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once("exit", resolve));
    if (process.platform === "win32" && this.#binaries !== undefined) {
      spawn(this.#binaries.pg_ctl, ["stop", "-D", this.#data, "-m", "fast"], { stdio: "ignore" });
    } else {
      child.kill("SIGINT");
    }
    await exited;
    process.off("exit", this.#stopAtExit);
    this.#child = undefined;
  }

  /** Stored beside the data; only this user can read it. */
  async #password(): Promise<string> {
    const file = join(this.#folder, "password");
    const kept = await readFile(file, "utf8").catch(() => "");
    if (kept !== "" && existsSync(join(this.#data, "PG_VERSION"))) return kept;
    const made = randomBytes(24).toString("base64url");
    await writeFile(file, made, { mode: 0o600 });
    return made;
  }

  /** Creates the data folder under another name first, so that a kill never leaves an incomplete one. */
  async #initialise(password: string): Promise<void> {
    const { initdb } = this.#programs();
    const fresh = join(this.#folder, "data.new");
    const passwordFile = join(this.#folder, "password.once");
    await rm(fresh, { recursive: true, force: true });
    await mkdir(fresh, { mode: 0o700 });
    await this.#user?.own(fresh);
    await writeFile(passwordFile, password, { mode: 0o600 });
    await this.#user?.own(passwordFile);
    try {
      await this.#run(initdb, initArguments(fresh, superuser, passwordFile));
    } finally {
      await rm(passwordFile, { force: true });
    }
    await rename(fresh, this.#data);
  }

  /** Starts the server and waits until its status file says that it accepts connections. */
  async #launch(program: string, args: string[]): Promise<void> {
    const offset = await stat(this.#log).then(
      ({ size }) => size,
      () => 0,
    );
    const child = await this.#spawn(program, args);
    this.#child = child;
    process.on("exit", this.#stopAtExit);
    for (;;) {
      if (child.exitCode !== null || child.signalCode !== null) {
        this.#child = undefined;
        process.off("exit", this.#stopAtExit);
        throw new EmulatorError("QT6103", {
          reason: await this.#lastError(offset),
          folder: this.#folder,
          log: this.#log,
        });
      }
      const postmaster = await readPostmaster(this.#data);
      if (postmaster?.status === "ready" && postmaster.pid === child.pid) return;
      await delay(5);
    }
  }

  async #run(program: string, args: string[]): Promise<void> {
    const offset = await stat(this.#log).then(
      ({ size }) => size,
      () => 0,
    );
    const child = await this.#spawn(program, args);
    const code = await new Promise((resolve) => child.once("exit", resolve));
    if (code === 0) return;
    throw new EmulatorError("QT6103", {
      reason: await this.#lastError(offset),
      folder: this.#folder,
      log: this.#log,
    });
  }

  /** In a separate process group: Ctrl-C in a terminal must reach only this process, which then stops the server. */
  async #spawn(program: string, args: string[]): Promise<ChildProcess> {
    const { file, args: all } = this.#user?.command(program, args) ?? { file: program, args };
    const log = await open(this.#log, "a");
    try {
      const child = spawn(file, all, {
        ...this.#user?.ids,
        cwd: this.#folder,
        detached: process.platform !== "win32",
        stdio: ["ignore", log.fd, log.fd],
        env: { PATH: process.env.PATH, SYSTEMROOT: process.env.SYSTEMROOT, LC_ALL: "C", TZ: "UTC" },
      });
      await new Promise((resolve, reject) => {
        child.once("spawn", resolve);
        child.once("error", reject);
      });
      return child;
    } finally {
      await log.close();
    }
  }

  /** The last error in the log since this start. */
  async #lastError(offset: number): Promise<string> {
    const text = (await readFile(this.#log)).subarray(offset).toString("utf8");
    const lines = text.split("\n").filter((line) => /FATAL|PANIC|error/i.test(line));
    return lines.at(-1)?.trim() ?? "it ended without a message";
  }

  #programs(): PostgresBinaries {
    if (this.#binaries === undefined) throw new Error("start() comes first");
    return this.#binaries;
  }
}
