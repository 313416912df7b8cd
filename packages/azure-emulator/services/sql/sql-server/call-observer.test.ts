import assert from "node:assert/strict";
import { createFlowLog } from "../../../control-plane/flow-log";
import type { Login } from "../session/login";
import { MessageWriter } from "../tds/message-writer";
import { packetType } from "../tds/protocol";
import { doneStatus, writeDone, writeInfo } from "../tds/tokens";
import { CallObserver, findCall } from "./call-observer";
import { PacketScanner } from "./packet-scanner";

const headers = Buffer.from([4, 0, 0, 0]);
const text = (value: string) => Buffer.from(value, "utf16le");
const batch = (sql: string) => ({ type: packetType.batch, body: Buffer.concat([headers, text(sql)]) });
const call = (procedure: string, ...parameters: Buffer[]) => {
  const length = Buffer.alloc(2);
  length.writeUInt16LE(procedure.length);
  return {
    type: packetType.rpc,
    body: Buffer.concat([headers, length, text(procedure), Buffer.alloc(2), ...parameters]),
  };
};
const runId = Buffer.concat([
  Buffer.from([7]),
  text("@run_id"),
  Buffer.from([0, 0xe7, 8, 0, 9, 4, 0xd0, 0, 0x34, 4, 0]),
  text("r1"),
]);

/** The packets of an answer. */
function answer(status: number, packetSize = 512) {
  const packets: ReturnType<PacketScanner["push"]>["packets"][number][] = [];
  const scanner = new PacketScanner();
  const writer = new MessageWriter((bytes) => {
    packets.push(...scanner.push(bytes).packets);
    return true;
  }, packetSize);
  writeInfo(writer, 0, "x".repeat(240), "srv");
  writeDone(writer, "doneProcedure", status);
  writer.end();
  return packets;
}

describe("calls that pass to a real server", () => {
  it("are found in remote procedure calls and in batches that are one call", () => {
    const found = { procedure: "shop.publish", arguments: [{ name: "@run_id", value: "r1" }] };
    assert.deepEqual(findCall(call("[shop].[publish]", runId)), found);
    assert.deepEqual(findCall(batch("EXEC shop.reset_staging @run_id = N'r1'")), {
      procedure: "shop.reset_staging",
      arguments: [{ name: "@run_id", value: "r1" }],
    });
  });

  it("are not found in other text, system procedures, damaged messages or other packets", () => {
    const others = [
      batch("select 1"),
      batch("exec shop.a; exec shop.b"),
      batch("exec shop.a @x = @unknown"),
      call("sp_executesql"),
      { type: packetType.rpc, body: headers },
      { type: packetType.batch, body: Buffer.from([1]) },
      { type: packetType.bulkLoad, body: batch("exec shop.a").body },
    ];
    for (const other of others) assert.equal(findCall(other), undefined);
  });

  const login = {
    server: { id: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Sql/servers/srv" },
    database: "db",
  } as Login;
  const observed = () => {
    const flow = createFlowLog();
    const observer = new CallObserver(flow, login);
    observer.toServer({ ...call("shop.publish", runId), first: true, last: true });
    return { flow, observer };
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const endings: [string, number, string][] = [
    ["succeeded", doneStatus.final, "succeeded"],
    ["failed", doneStatus.error, "failed"],
  ];
  for (const [name, status, expected] of endings) {
    // 512 - 8 bytes a packet: the last token is cut at every place.
    for (const packetSize of [512, 530, 536, 541, 4096]) {
      it(`are reported as ${name} if the last token says so, in packets of ${packetSize} bytes`, async () => {
        const { flow, observer } = observed();
        for (const packet of answer(status, packetSize)) observer.toClient(packet);
        await settled();
        const steps = flow.recent(10);
        assert.deepEqual(
          steps.map((step) => step.status),
          ["started", expected],
        );
        assert.deepEqual(steps[0]?.detail, { database: "db" });
        assert.equal(steps[0]?.parent, "r1");
      });
    }
  }

  it("fail if the connection ends before the answer", async () => {
    const { flow, observer } = observed();
    observer.ended();
    await settled();
    assert.match(flow.recent(10).at(-1)?.error ?? "", /connection ended/);
  });

  it("wait for the work that must come first", async () => {
    const seen: string[] = [];
    const observer = new CallObserver(
      createFlowLog(),
      login,
      async ({ procedure }) => void seen.push(procedure),
    );
    await observer.toServer({ ...call("shop.ensure_user"), first: true, last: true });
    assert.equal(observer.toServer({ ...call("shop.ensure_user"), first: true, last: false }), undefined);
    assert.deepEqual(seen, ["shop.ensure_user"]);
  });
});
