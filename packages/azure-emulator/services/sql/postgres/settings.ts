import { statfs } from "node:fs/promises";
import { availableParallelism } from "node:os";

/**
 * Server settings, passed on the command line so that a change also reaches existing data folders.
 * Durable (fsync, synchronous_commit and full_page_writes stay on), tuned for loading whole snapshots:
 * `wal_level=minimal` lets COPY and CREATE TABLE AS into a table of the same transaction skip the WAL.
 */
const settings: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "400",
  shared_buffers: "256MB",
  effective_cache_size: "2GB",
  work_mem: "64MB",
  hash_mem_multiplier: "2",
  maintenance_work_mem: "256MB",
  wal_level: "minimal",
  max_wal_senders: "0",
  wal_buffers: "16MB",
  min_wal_size: "256MB",
  max_wal_size: "4GB",
  checkpoint_timeout: "15min",
  // With the default of a minute, small datasets that load often would grow faster than they are vacuumed.
  autovacuum_naptime: "15s",
  random_page_cost: "1.1",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  datestyle: "ISO, YMD",
  lc_messages: "C",
  log_checkpoints: "off",
  // Statements and what PostgreSQL says about an error's place quote cells.
  log_error_verbosity: "terse",
  log_min_error_statement: "panic",
};

/** The time until a statement ends after its client is gone; Windows has no such setting. */
const lostClientCheck = { client_connection_check_interval: "1s" };

/** Below this, parallel hash joins would run out of /dev/shm (containers have 64 MB by default). */
const enoughSharedMemory = 1 << 30;

/** The settings as `-c name=value` arguments, in a stable order. */
export async function serverArguments(dataFolder: string, port: number): Promise<string[]> {
  const all: Record<string, string> = { ...settings, ...workers(), port: String(port) };
  if (process.platform !== "win32") Object.assign(all, lostClientCheck);
  if (process.platform === "linux" && !(await hasSharedMemory())) all.dynamic_shared_memory_type = "mmap";
  return ["-D", dataFolder, ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}

/** A statement's own process works too, so one worker less than there are cores; more than four gain little. */
function workers(): Record<string, string> {
  const number = String(Math.max(1, Math.min(availableParallelism() - 1, 4)));
  return { max_parallel_workers_per_gather: number, max_parallel_maintenance_workers: number };
}

async function hasSharedMemory(): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs("/dev/shm");
    return bavail * bsize >= enoughSharedMemory;
  } catch {
    return false;
  }
}

/**
 * Arguments of initdb. On every platform, strings compare by code point and have Unicode's upper and lower case.
 * The password is random, so its hash needs no stretching and logins stay cheap.
 */
export function initArguments(dataFolder: string, user: string, passwordFile: string): string[] {
  return [
    `--pgdata=${dataFolder}`,
    `--username=${user}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-data-checksums",
    "--no-instructions",
    ...["-c", "scram_iterations=1"],
  ];
}
