import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { createSecureContext } from "node:tls";
import fc from "fast-check";
import type { ResultSink } from "../session/result-sink";
import { dataRow } from "../session/select";
import type { Session } from "../session/session";
import { batch, packets, RawClient } from "../testing/raw-client";
import { packetStatus, packetType } from "./protocol";
import { TdsListener } from "./tds-listener";
import { doneStatus, token } from "./tokens";

/** The moments at which a client may cancel. */
const moments = [
  "with the request",
  "during the reset",
  "before the rows",
  "after a row",
  "at the end",
] as const;
type Moment = (typeof moments)[number] | "after the answer";

/** A session that stops at each moment until the attention of the test has arrived. */
class HeldSession {
  readonly login = { database: "db" };
  readonly processId = 51;
  /** Called at each moment; resolves when the session may go on. */
  at: (moment: Moment) => Promise<void> = async () => {};
  #arrived: (() => void) | undefined;

  attention(): Promise<void> {
    return new Promise((resolve) => {
      this.#arrived = resolve;
    });
  }

  cancel(): void {
    this.#arrived?.();
  }

  /** Every text is a file. */
  readonly services = { files: { find: (file: string) => ({ file }) } };

  async file({ file }: { file: string }, sink: ResultSink): Promise<void> {
    await this.at("before the rows");
    sink.recordset([]);
    for (let rows = 0; rows < 3; rows++) {
      const row = dataRow([]);
      sink.row(row, 0, row.length);
      await this.at("after a row");
    }
    sink.info(file);
    sink.endOfRecordset(3);
    await this.at("at the end");
  }

  reset(): Promise<void> {
    return this.at("during the reset");
  }

  cancellationDone(): void {}
  async close(): Promise<void> {}
}

describe("an attention", () => {
  let listener: TdsListener;
  let port: number;
  let session: HeldSession;

  before(async () => {
    listener = new TdsListener({
      serverName: "test",
      wrappedTls: createSecureContext({ maxVersion: "TLSv1.2" }),
      strictTls: createSecureContext(),
      loginLimitMs: 60_000,
      federated: { stsUrl: "https://sts", audience: "https://database.windows.net/" },
      login: async () => session as unknown as Session,
    });
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    ({ port } = server.address() as AddressInfo);
    await new Promise((resolve) => server.close(resolve));
    await listener.listen(port);
  });
  after(() => listener.close());

  it("at any moment is acknowledged after the request, and leaves nothing of it to the next one", async () => {
    const moment = fc.constantFrom<Moment>(...moments, "after the answer");
    await fc.assert(
      fc.asyncProperty(fc.array(moment, { minLength: 1, maxLength: 8 }), async (cancellations) => {
        session = new HeldSession();
        const { client } = await RawClient.open({ port });
        try {
          for (const [index, at] of cancellations.entries()) {
            await cancelled(client, at);
            client.send(packetType.batch, batch(`request ${index}`));
            const { body } = await client.message();
            assert.ok(body.includes(Buffer.from(`request ${index}`, "utf16le")), `after one ${at}`);
          }
        } finally {
          client.close();
        }
      }),
      { numRuns: 100 },
    );
  });

  it("acknowledges each of several requests' cancellations once", async () => {
    session = new HeldSession();
    const { client } = await RawClient.open({ port });
    const request = packets(packetType.batch, batch("cancelled"));
    const attention = packets(packetType.attention, Buffer.alloc(0));
    client.write(Buffer.concat([request, attention, request, attention, request]));
    const bodies = [];
    for (let messages = 0; messages < 5; messages++) bodies.push((await client.message()).body);
    assert.deepEqual(
      bodies.map((body) => (isAcknowledgement(body) ? "acknowledged" : hasRows(body) ? "rows" : "nothing")),
      ["nothing", "acknowledged", "nothing", "acknowledged", "rows"],
    );
    client.close();
  });

  it("before the login ends the connection", async () => {
    const early = await RawClient.connect(port);
    early.send(packetType.attention);
    await early.closed();
  });

  /** Sends a request and cancels it at that moment; returns when the cancellation is acknowledged. */
  async function cancelled(client: RawClient, at: Moment): Promise<void> {
    const attention = packets(packetType.attention, Buffer.alloc(0));
    const request = packets(packetType.batch, batch("cancelled"), packetStatus.resetConnection);
    session.at = async (moment) => {
      if (moment !== at) return;
      session.at = async () => {};
      const arrived = session.attention();
      client.write(attention);
      await arrived;
    };
    if (at === "with the request") client.write(Buffer.concat([request, attention]));
    else client.write(request);
    if (at === "after the answer") {
      await client.message();
      client.write(attention);
    }
    const answers = at === "after the answer" ? 0 : 1;
    for (let messages = 0; messages < answers; messages++)
      assert.ok(!isAcknowledgement((await client.message()).body), `the answer to what was cancelled ${at}`);
    assert.ok(isAcknowledgement((await client.message()).body), `the acknowledgement of one ${at}`);
  }
});

/** A message that is only DONE with the bit DONE_ATTN. */
function isAcknowledgement(body: Buffer): boolean {
  return body.length === 13 && body[0] === token.done && body.readUInt16LE(1) === doneStatus.attention;
}

function hasRows(body: Buffer): boolean {
  return body.includes(Buffer.from("cancelled", "utf16le"));
}
