import assert from "node:assert/strict";
import { temporaryFolder } from "../../../kit/testing/temporary-folder";
import { type Caller, LAPTOP_IP, loadOrCreateCallers } from "./callers";

const subnet: Caller = { kind: "subnet", subnetId: "/subscriptions/s/vnet/subnets/One" };

describe("callers by their loopback address", () => {
  const folder = temporaryFolder();

  it("keep their address, also after a restart and in another spelling", async () => {
    const path = folder();
    const callers = await loadOrCreateCallers(path);
    const address = await callers.addressOf(subnet);
    const other = await callers.addressOf({ kind: "internet", ip: "192.0.2.1" });
    assert.notEqual(address, other);
    assert.match(address, /^127\.77\./);
    const again = await loadOrCreateCallers(path);
    assert.deepEqual(again.of(address), subnet);
    assert.deepEqual(again.of(`::ffff:${other}`), { kind: "internet", ip: "192.0.2.1" });
    const lower: Caller = { kind: "subnet", subnetId: subnet.subnetId.toLowerCase() };
    assert.equal(await again.addressOf(lower), address);
  });

  it("are this machine if nobody has the address", async () => {
    const callers = await loadOrCreateCallers(folder());
    for (const address of ["127.0.0.1", "127.77.0.9", "::1", undefined])
      assert.deepEqual(callers.of(address), { kind: "internet", ip: LAPTOP_IP });
  });
});
