import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { FlowLog } from "../../../packages/azure-emulator/control-plane/flow-log";
import {
  readJsonFile,
  writeJsonFile,
} from "../../../packages/azure-emulator/services/automation/resources/json-file";
import { messageOf } from "../../../packages/kit/reason-of";
import { describeEvent } from "./event";

/** The outcome of the first attempt at one subscription. */
export interface Delivered {
  /** With the token masked. */
  readonly url: string;
  /** HTTP status; 0 if no answer came. */
  readonly status: number;
  readonly jobIds: readonly string[];
  readonly error?: string;
  /** True if more attempts follow. */
  readonly retrying: boolean;
}

/** An event on its way to one subscription; a file in the outbox until it arrived or was permanently refused. */
interface Parcel {
  readonly id: string;
  readonly eventId: string;
  readonly eventName: string;
  readonly url: string;
  readonly body: string;
  readonly contentType: string;
  readonly attempts: number;
}

/** Sends events at least once: a posted event survives a kill, and failed attempts are repeated with growing pauses. */
export interface Deliveries {
  /** Puts an event into the outbox for every URL. It is on disk when this returns. */
  post(urls: readonly string[], body: string, contentType?: string): PostedEvent;
  /** Sends what an earlier process left in the outbox. */
  resume(): void;
  stop(): Promise<void>;
}

export interface PostedEvent {
  readonly eventId: string;
  /** Makes the first attempt at every URL and waits for those only. */
  send(): Promise<Delivered[]>;
}

export interface DeliveryOptions {
  /** Pauses before the second, third, … attempt, in milliseconds; after the last attempt the event is dropped. */
  readonly pauses?: readonly number[];
  readonly timeoutMs?: number;
}

const defaultPauses = [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000, 60_000, 60_000, 60_000];

export function createDeliveries(folder: string, flow: FlowLog, options: DeliveryOptions = {}): Deliveries {
  const { pauses = defaultPauses, timeoutMs = 10_000 } = options;
  const outbox = path.join(folder, "outbox");
  const fileOf = ({ id }: Parcel) => path.join(outbox, `${id}.json`);
  const stopping = new AbortController();
  const timers = new Set<NodeJS.Timeout>();
  const underWay = new Set<Promise<unknown>>();

  const log = (parcel: Parcel, status: "started" | "succeeded" | "failed", error?: string) =>
    flow.append({
      id: parcel.eventId,
      hop: "quantemplate",
      name: parcel.eventName,
      status,
      detail: { url: maskToken(parcel.url), attempts: parcel.attempts },
      ...(error === undefined ? {} : { error }),
    });

  const attempt = async (parcel: Parcel): Promise<Delivered> => {
    const now = { ...parcel, attempts: parcel.attempts + 1 };
    const answer = await sendOnce(now, AbortSignal.any([stopping.signal, AbortSignal.timeout(timeoutMs)]));
    const url = maskToken(parcel.url);
    if (stopping.signal.aborted) return { url, retrying: true, ...answer };
    const pause = isPassing(answer.status) ? pauses[now.attempts - 1] : undefined;
    if (pause !== undefined) {
      writeJsonFile(fileOf(now), now);
      const timer = setTimeout(() => {
        timers.delete(timer);
        track(attempt(now));
      }, pause);
      timers.add(timer);
      return { url, retrying: true, ...answer };
    }
    fs.rmSync(fileOf(now), { force: true });
    const arrived = answer.status >= 200 && answer.status < 300;
    log(
      now,
      arrived ? "succeeded" : "failed",
      arrived ? undefined : `${answer.status}: ${answer.error ?? "refused"}`,
    );
    return { url, retrying: false, ...answer };
  };

  const track = <T>(work: Promise<T>): Promise<T> => {
    const ended = work.finally(() => underWay.delete(ended));
    underWay.add(ended);
    return ended;
  };

  return {
    post(urls, body, contentType = "application/json") {
      const { id, name } = describeEvent(body);
      const eventId = id ?? randomUUID();
      const parcels = urls.map((url) => ({
        id: randomUUID(),
        eventId,
        eventName: name,
        url,
        body,
        contentType,
        attempts: 0,
      }));
      for (const parcel of parcels) writeJsonFile(fileOf(parcel), parcel);
      return {
        eventId,
        send() {
          for (const parcel of parcels) log(parcel, "started");
          return Promise.all(parcels.map((parcel) => track(attempt(parcel))));
        },
      };
    },
    resume() {
      if (!fs.existsSync(outbox)) return;
      for (const file of fs.readdirSync(outbox)) {
        const parcel = file.endsWith(".json") ? readJsonFile<Parcel>(path.join(outbox, file)) : undefined;
        if (parcel !== undefined) void track(attempt({ ...parcel, attempts: 0 }));
      }
    },
    async stop() {
      stopping.abort();
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(underWay);
    },
  };
}

/** True if another attempt may help: no answer, time-out, throttling, or a server error. */
function isPassing(status: number): boolean {
  return status === 0 || status === 408 || status === 429 || status >= 500;
}

async function sendOnce(
  { url, body, contentType }: Parcel,
  signal: AbortSignal,
): Promise<Pick<Delivered, "status" | "jobIds" | "error">> {
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: { "content-type": contentType },
      signal,
    });
    const answer = await response.text();
    if (!response.ok) return { status: response.status, jobIds: [], error: answer.slice(0, 500) };
    return { status: response.status, jobIds: jobIdsOf(answer) };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { status: 0, jobIds: [], error: messageOf(cause) };
  }
}

/** Job ids from Automation's answer, `{"JobIds":["…"]}`; other receivers may answer anything. */
function jobIdsOf(answer: string): string[] {
  try {
    const { JobIds } = JSON.parse(answer) as { JobIds?: unknown };
    return Array.isArray(JobIds) ? JobIds.map(String) : [];
  } catch {
    return [];
  }
}

/** The URL without the values of its query: a webhook's token is its only protection. */
export function maskToken(url: string): string {
  return url.replace(/([?&][^=&#]+=)[^&#]*/g, "$1***");
}
