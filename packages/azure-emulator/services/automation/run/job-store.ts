import fs from "node:fs";
import path from "node:path";
import { sameId } from "../../../control-plane/resource";
import { readJsonFile, writeJsonFile } from "../resources/json-file";
import type { JobRecord } from "./job";

/** Automation keeps jobs and their logs for 30 days (learn.microsoft.com/azure/automation/automation-runbook-execution). */
const retentionMs = 30 * 86_400_000;

/** All jobs, in memory and each in a file. */
export interface JobStore {
  /** Stores the job as it is now; it is on disk when this returns. */
  save(job: JobRecord): void;
  find(accountId: string, name: string): JobRecord | undefined;
  /** Jobs of an account, latest first. */
  list(accountId: string): JobRecord[];
  /** The jobs that had not ended when the process ended. */
  unfinished(): JobRecord[];
  /** Drops the jobs of a deleted account. */
  removeAll(accountId: string): void;
}

/** Opens the jobs below the emulator's folder, and drops those that Automation would no longer keep. */
export function openJobStore(folder: string, now = Date.now()): JobStore {
  const jobsFolder = path.join(folder, "jobs");
  const fileOf = (job: JobRecord) => path.join(jobsFolder, `${job.jobId}.json`);
  const jobs = new Map<string, JobRecord>();
  fs.mkdirSync(jobsFolder, { recursive: true, mode: 0o700 });
  for (const file of fs.readdirSync(jobsFolder)) {
    if (!file.endsWith(".json")) continue;
    const job = readJsonFile<JobRecord>(path.join(jobsFolder, file));
    if (job === undefined) continue;
    if (Date.parse(job.creationTime) < now - retentionMs) fs.rmSync(fileOf(job), { force: true });
    else jobs.set(job.jobId, job);
  }
  return {
    save(job) {
      jobs.set(job.jobId, job);
      writeJsonFile(fileOf(job), job);
    },
    find: (accountId, name) =>
      [...jobs.values()].find(
        (job) => job.name.toLowerCase() === name.toLowerCase() && sameId(job.accountId, accountId),
      ),
    list: (accountId) =>
      [...jobs.values()]
        .filter((job) => sameId(job.accountId, accountId))
        .sort((a, b) => b.creationTime.localeCompare(a.creationTime)),
    unfinished: () => [...jobs.values()].filter((job) => job.status === "New" || job.status === "Running"),
    removeAll(accountId) {
      for (const job of jobs.values()) {
        if (!sameId(job.accountId, accountId)) continue;
        jobs.delete(job.jobId);
        fs.rmSync(fileOf(job), { force: true });
      }
    },
  };
}
