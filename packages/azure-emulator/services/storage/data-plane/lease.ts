import { randomUUID } from "node:crypto";
import { blobError } from "./blob-error";

/** A lease as it is kept. Times in milliseconds since 1970. */
export interface Lease {
  readonly id: string;
  /** Seconds; -1: without an end. */
  readonly duration: number;
  /** Since when the duration counts. */
  readonly since: number;
  /** Set once it is broken: until then it still holds. */
  readonly brokenAt?: number;
}

export type LeaseState = "available" | "leased" | "expired" | "breaking" | "broken";

/** What a client asks for, from the headers of Lease Blob. */
export interface LeaseRequest {
  readonly action: string;
  readonly id: string | undefined;
  readonly proposedId: string | undefined;
  readonly duration: string | undefined;
  readonly breakPeriod: string | undefined;
}

export interface LeaseReply {
  readonly status: 200 | 201 | 202;
  /** The lease from now on; undefined: none. */
  readonly lease: Lease | undefined;
  /** The lease's id, for the answer. */
  readonly id?: string;
  /** Seconds until a broken lease ends. */
  readonly time?: number;
}

const GUID = /^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i;

export function leaseState(lease: Lease | undefined, now = Date.now()): LeaseState {
  if (lease === undefined) return "available";
  if (lease.brokenAt !== undefined) return now < lease.brokenAt ? "breaking" : "broken";
  return now < endOf(lease) ? "leased" : "expired";
}

/**
 * Acquire, renew, change, release, break: the outcomes of the table "Outcomes of use attempts on blobs by lease state".
 * Source: learn.microsoft.com/rest/api/storageservices/lease-blob. @throws blob errors 400, 409, 412
 */
export function changeLease(lease: Lease | undefined, request: LeaseRequest, now = Date.now()): LeaseReply {
  switch (request.action.toLowerCase()) {
    case "acquire":
      return acquire(lease, request, now);
    case "renew":
      return renew(lease, request, now);
    case "change":
      return change(lease, request, now);
    case "release":
      requireOwn(lease, request.id);
      return { status: 200, lease: undefined };
    case "break":
      return breakLease(lease, request, now);
    default:
      throw blobError("InvalidHeaderValue", "x-ms-lease-action");
  }
}

/**
 * A write needs the id of an active lease. A read may name it; then it must be right.
 * Source: the same page, "Outcomes of use attempts on blobs by lease state". @throws blob errors 412
 */
export function requireLease(
  lease: Lease | undefined,
  id: string | undefined,
  use: "read" | "write",
  now = Date.now(),
): void {
  const state = leaseState(lease, now);
  const active = state === "leased" || state === "breaking";
  if (id === undefined) {
    if (active && use === "write") throw blobError("LeaseIdMissing");
    return;
  }
  if (lease === undefined) throw blobError("LeaseNotPresentWithBlobOperation");
  if (!sameLease(lease.id, id)) {
    throw blobError(active ? "LeaseIdMismatchWithBlobOperation" : "LeaseNotPresentWithBlobOperation");
  }
  if (!active) throw blobError("LeaseLost");
}

function acquire(lease: Lease | undefined, { proposedId, duration }: LeaseRequest, now: number): LeaseReply {
  const seconds = Number(duration);
  if (duration === undefined) throw blobError("MissingRequiredHeader", "x-ms-lease-duration");
  if (!Number.isInteger(seconds) || (seconds !== -1 && (seconds < 15 || seconds > 60))) {
    throw blobError("InvalidHeaderValue", "x-ms-lease-duration: 15 to 60 seconds, or -1.");
  }
  const id = guid(proposedId ?? randomUUID());
  const state = leaseState(lease, now);
  const own = lease !== undefined && sameLease(lease.id, id);
  if (state === "breaking")
    throw blobError(own ? "LeaseIsBreakingAndCannotBeAcquired" : "LeaseAlreadyPresent");
  if (state === "leased" && !own) throw blobError("LeaseAlreadyPresent");
  return { status: 201, id, lease: { id, duration: seconds, since: now } };
}

function renew(lease: Lease | undefined, { id }: LeaseRequest, now: number): LeaseReply {
  const own = requireOwn(lease, id);
  if (own.brokenAt !== undefined) throw blobError("LeaseIsBrokenAndCannotBeRenewed");
  return { status: 200, id: own.id, lease: { ...own, since: now } };
}

function change(lease: Lease | undefined, { id, proposedId }: LeaseRequest, now: number): LeaseReply {
  if (proposedId === undefined) throw blobError("MissingRequiredHeader", "x-ms-proposed-lease-id");
  if (id === undefined) throw blobError("MissingRequiredHeader", "x-ms-lease-id");
  const state = leaseState(lease, now);
  if (lease === undefined || state === "broken" || state === "expired") {
    throw blobError("LeaseNotPresentWithLeaseOperation");
  }
  // A client that repeats the call may name either id.
  if (!sameLease(lease.id, id) && !sameLease(lease.id, proposedId))
    throw blobError("LeaseIdMismatchWithLeaseOperation");
  if (state === "breaking") throw blobError("LeaseIsBreakingAndCannotBeChanged");
  const next = guid(proposedId);
  return { status: 200, id: next, lease: { ...lease, id: next } };
}

function breakLease(lease: Lease | undefined, { breakPeriod }: LeaseRequest, now: number): LeaseReply {
  const wanted = breakPeriod === undefined ? undefined : Number(breakPeriod);
  if (wanted !== undefined && (!Number.isInteger(wanted) || wanted < 0 || wanted > 60)) {
    throw blobError("InvalidHeaderValue", "x-ms-lease-break-period: 0 to 60 seconds.");
  }
  if (lease === undefined) throw blobError("LeaseNotPresentWithLeaseOperation");
  // What is left of a lease with an end; nothing of one without.
  const left = lease.duration === -1 ? 0 : Math.max(0, endOf(lease) - now);
  const until =
    lease.brokenAt ??
    now + (lease.duration === -1 ? (wanted ?? 0) * 1000 : Math.min(left, (wanted ?? 60) * 1000));
  const brokenAt = wanted === undefined ? until : Math.min(until, now + wanted * 1000);
  return {
    status: 202,
    lease: { ...lease, brokenAt },
    time: Math.max(0, Math.ceil((brokenAt - now) / 1000)),
  };
}

function requireOwn(lease: Lease | undefined, id: string | undefined): Lease {
  if (id === undefined) throw blobError("MissingRequiredHeader", "x-ms-lease-id");
  if (lease === undefined) throw blobError("LeaseNotPresentWithLeaseOperation");
  if (!sameLease(lease.id, guid(id))) throw blobError("LeaseIdMismatchWithLeaseOperation");
  return lease;
}

function endOf({ since, duration }: Lease): number {
  return duration === -1 ? Number.POSITIVE_INFINITY : since + duration * 1000;
}

function guid(text: string): string {
  if (!GUID.test(text)) throw blobError("InvalidHeaderValue", `'${text}' is no GUID.`);
  return text.toLowerCase();
}

function sameLease(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
