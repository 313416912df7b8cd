import assert from "node:assert/strict";
import { QtError } from "../../errors/qt-error";
import type { ArmCall, AzureSession } from "./azure-session";
import { throughFirewall } from "./open-firewall";

describe("a firewall rule for this machine", () => {
  const target = { serverId: "/srv", server: "srv.test", database: "db" };
  const [address, other] = ["203.0.113.7", "203.0.113.8"] as const;
  let calls: { method: string; id: string; call: ArmCall }[];
  beforeEach(() => {
    calls = [];
  });
  /** A session whose calls fail as `failure` decides. */
  const session = (failure: (method: string) => Error | undefined = () => undefined) =>
    ({
      arm: async (method: string, id: string, call: ArmCall) => {
        calls.push({ method, id, call });
        const error = failure(method);
        if (error) throw error;
        return { value: [] };
      },
    }) as unknown as AzureSession;
  const ids = (wanted: string) => calls.filter(({ method }) => method === wanted).map(({ id }) => id);

  it("has a name under the server, one for each address, and is written with a version that Azure has", async () => {
    await throughFirewall(target, session(), async (open) => {
      await open(address);
      await open(other);
    });
    const written = ids("PUT");
    for (const id of written) assert.match(id, /^\/srv\/firewallRules\/deployment-[0-9a-f]{8}$/);
    assert.equal(new Set(written).size, 2);
    assert.deepEqual(ids("DELETE"), written);
    assert.deepEqual([...new Set(calls.map(({ call }) => call.apiVersion))], ["2023-08-01"]);
  });

  it("has the same name when the same process opens the firewall again", async () => {
    for (let time = 0; time < 2; time++) await throughFirewall(target, session(), (open) => open(address));
    const [first, second] = ids("PUT");
    assert.equal(first, second);
  });

  it("is reported if it could not be removed, although the work succeeded", async () => {
    const busy = new Error("busy");
    const azure = session((method) => (method === "DELETE" ? busy : undefined));
    await assert.rejects(
      throughFirewall(target, azure, (open) => open(address)),
      busy,
    );
  });

  it("that cannot be written is reported with the database, the reason and its cause, and not removed", async () => {
    const refused = new Error("no right");
    await assert.rejects(
      throughFirewall(
        target,
        session((method) => (method === "PUT" ? refused : undefined)),
        (open) => open(address),
      ),
      (error: unknown) => {
        assert.ok(error instanceof QtError);
        assert.equal(error.code, "QT1208");
        assert.deepEqual(error.details, { server: "srv.test", database: "db", reason: "no right" });
        assert.equal(error.cause, refused);
        return true;
      },
    );
    assert.deepEqual(ids("DELETE"), []);
  });
});
