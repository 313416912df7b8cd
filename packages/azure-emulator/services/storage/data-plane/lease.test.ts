import assert from "node:assert/strict";
import { changeLease, type Lease, type LeaseRequest, leaseState, requireLease } from "./lease";

const [ONE, TWO] = ["11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"];
const ask = (action: string, more: Partial<LeaseRequest> = {}): LeaseRequest => ({
  action,
  id: undefined,
  proposedId: undefined,
  duration: undefined,
  breakPeriod: undefined,
  ...more,
});
const leased: Lease = { id: ONE, duration: 15, since: 0 };
const endless: Lease = { id: ONE, duration: -1, since: 0 };

function code(run: () => unknown): string {
  try {
    run();
    return "done";
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe("leases", () => {
  it("end with their time, or never", () => {
    assert.equal(leaseState(undefined), "available");
    assert.equal(leaseState(leased, 14_999), "leased");
    assert.equal(leaseState(leased, 15_000), "expired");
    assert.equal(leaseState(endless, 1e12), "leased");
  });

  it("are acquired for 15 to 60 seconds or without an end, and by one only", () => {
    for (const duration of ["14", "61", "0", "x"]) {
      assert.equal(
        code(() => changeLease(undefined, ask("acquire", { duration }))),
        "InvalidHeaderValue",
      );
    }
    assert.equal(
      code(() => changeLease(undefined, ask("acquire"))),
      "MissingRequiredHeader",
    );
    const acquire = (proposedId: string, now: number) => () =>
      changeLease(leased, ask("acquire", { duration: "60", proposedId }), now);
    assert.equal(code(acquire(TWO, 1)), "LeaseAlreadyPresent");
    assert.equal(code(acquire(ONE, 1)), "done");
    assert.equal(acquire(TWO, 15_000)().lease?.id, TWO);
    const endless = changeLease(undefined, ask("acquire", { duration: "-1", proposedId: ONE }), 0).lease;
    assert.equal(endless?.duration, -1);
    const later = () => changeLease(endless, ask("acquire", { duration: "15", proposedId: TWO }), 1e12);
    assert.equal(code(later), "LeaseAlreadyPresent");
  });

  it("are renewed, changed and released by their id", () => {
    assert.equal(changeLease(leased, ask("renew", { id: ONE }), 20_000).lease?.since, 20_000);
    assert.equal(
      code(() => changeLease(leased, ask("renew", { id: TWO }))),
      "LeaseIdMismatchWithLeaseOperation",
    );
    assert.equal(
      code(() => changeLease(undefined, ask("renew", { id: ONE }))),
      "LeaseNotPresentWithLeaseOperation",
    );
    assert.equal(changeLease(leased, ask("change", { id: ONE, proposedId: TWO }), 1).id, TWO);
    assert.equal(changeLease(leased, ask("release", { id: ONE })).lease, undefined);
    assert.equal(
      code(() => changeLease(leased, ask("release"))),
      "MissingRequiredHeader",
    );
  });

  it("are broken at once without an end, else when they would have ended", () => {
    assert.equal(changeLease(endless, ask("break"), 5).time, 0);
    assert.equal(changeLease(endless, ask("break", { breakPeriod: "10" }), 5).time, 10);
    const breaking = changeLease(leased, ask("break"), 5000);
    assert.equal(breaking.time, 10);
    assert.equal(leaseState(breaking.lease, 14_999), "breaking");
    assert.equal(leaseState(breaking.lease, 15_000), "broken");
    assert.equal(
      code(() => changeLease(breaking.lease, ask("renew", { id: ONE }), 6000)),
      "LeaseIsBrokenAndCannotBeRenewed",
    );
    assert.equal(
      code(() => changeLease(breaking.lease, ask("acquire", { duration: "15" }), 6000)),
      "LeaseAlreadyPresent",
    );
  });

  it("guard a blob: a write needs the id, a read may name it", () => {
    const use = (lease: Lease | undefined, id: string | undefined, how: "read" | "write", now = 1) =>
      code(() => requireLease(lease, id, how, now));
    assert.equal(use(leased, undefined, "write"), "LeaseIdMissing");
    assert.equal(use(leased, undefined, "read"), "done");
    assert.equal(use(leased, ONE, "write"), "done");
    assert.equal(use(leased, TWO, "read"), "LeaseIdMismatchWithBlobOperation");
    assert.equal(use(undefined, ONE, "write"), "LeaseNotPresentWithBlobOperation");
    assert.equal(use(leased, ONE, "write", 15_000), "LeaseLost");
    assert.equal(use(leased, undefined, "write", 15_000), "done");
  });
});
