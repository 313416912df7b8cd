import assert from "node:assert/strict";
import fc from "fast-check";
import { batch, packets, RawClient, type RawLogin } from "../testing/raw-client";
import { testFiles, testProcedures } from "../testing/test-procedures";
import { startWorld, TEST_DATABASE, type TestWorld } from "../testing/test-support";
import { packetHeaderLength, packetType } from "./protocol";

type Tls = NonNullable<RawLogin["tls"]>;

describe("packets", () => {
  let world: TestWorld;

  before(async () => {
    world = await startWorld(testFiles);
    const { client } = await open({});
    await answer(client, testProcedures);
    client.close();
  });
  after(() => world?.stop());

  const open = (change: Partial<RawLogin>) => {
    const { ca } = world.context.certificates;
    return RawClient.open({
      port: world.port,
      token: world.token(),
      database: TEST_DATABASE,
      tls: "in-prelogin",
      ca,
      ...change,
    });
  };

  async function answer(client: RawClient, text: string): Promise<Buffer> {
    client.send(packetType.batch, batch(text));
    return (await client.message()).body;
  }

  const sizes = fc.oneof(
    fc.constantFrom(512, 4096, 8000, 16_383, 32_767),
    fc.integer({ min: 512, max: 32_767 }),
  );

  for (const tls of ["in-prelogin", "strict", "none"] as const) {
    it(`of every size hold every length of value, ${tls === "none" ? "plain" : `and a TLS record holds whole packets only (${tls})`}`, async () => {
      const lengths = fc.array(fc.oneof(fc.nat({ max: 50_000 }), fc.constantFrom(0, 1_000_000)), {
        minLength: 1,
        maxLength: 4,
      });
      await fc.assert(
        fc.asyncProperty(sizes, lengths, async (packetSize, values) => {
          const { client } = await open({ tls, packetSize });
          try {
            const most = tls === "none" ? packetSize : Math.min(packetSize, 16_383);
            for (const length of values) await checkValue(client, tls, most, length);
          } finally {
            client.close();
          }
        }),
        { numRuns: 25 },
      );
    });
  }

  async function checkValue(client: RawClient, tls: Tls, packetSize: number, length: number): Promise<void> {
    client.reads.length = 0;
    const body = await answer(client, `EXEC shop.lengths @datasets = N'${"x".repeat(length)}'`);
    assert.ok(body.includes(Buffer.from("x".repeat(length), "utf16le")));
    const sizes = tls === "none" ? packetsOf(Buffer.concat(client.reads)) : client.reads.flatMap(packetsOf);
    assert.ok(
      sizes.slice(0, -1).every((size) => size === packetSize),
      `packets of ${[...new Set(sizes)]} bytes instead of ${packetSize}`,
    );
  }

  it("carry the id of the session, and number themselves", async () => {
    const { client } = await open({ tls: "none", packetSize: 512 });
    client.reads.length = 0;
    await answer(client, `EXEC shop.lengths @datasets = N'${"x".repeat(200_000)}'`);
    const all = Buffer.concat(client.reads);
    let number = 0;
    for (let at = 0; at < all.length; at += all.readUInt16BE(at + 2)) {
      number++;
      assert.ok(all.readUInt16BE(at + 4) > 50);
      assert.equal(all[at + 6], number & 0xff);
    }
    client.close();
  });

  it("end with their message's, also when several messages wait for the client", async () => {
    const { client } = await open({ packetSize: 8000 });
    client.reads.length = 0;
    // Answered at once, so that each answer is written while the one before it is still on its way.
    const requests = Array.from({ length: 10 }, () => packets(packetType.batch, batch("SELECT 1")));
    client.write(Buffer.concat(requests));
    for (const _ of requests) await client.message();
    for (const read of client.reads) assert.equal(packetsOf(read).length, 1);
    client.close();
  });
});

/** The lengths of the packets that these bytes are. @throws AssertionError if they are not whole packets */
function packetsOf(bytes: Buffer): number[] {
  const lengths: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = bytes.length - at < packetHeaderLength ? 0 : bytes.readUInt16BE(at + 2);
    assert.ok(length > 0 && at + length <= bytes.length, "a read that ends within a packet");
    lengths.push(length);
    at += length;
  }
  return lengths;
}
