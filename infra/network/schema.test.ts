import assert from "node:assert/strict";
import { halves, networkSchema, overlap, privateNetwork } from "./schema";

describe("the setting network", () => {
  const taken = (value: unknown) => networkSchema.safeParse(value).success;

  it("is public, private, or a private network with its addresses", () => {
    assert.equal(privateNetwork(networkSchema.parse(undefined)), undefined);
    const byDefault = {
      mode: "private",
      addressSpace: "10.90.0.0/24",
      functionAllowList: [],
      keepPublic: false,
    };
    assert.deepEqual(privateNetwork(networkSchema.parse("private")), byDefault);
    assert.deepEqual(privateNetwork(networkSchema.parse({ mode: "private" })), byDefault);
    assert.ok(
      taken({ mode: "private", addressSpace: "10.1.128.0/17", functionAllowList: ["203.0.113.7/32"] }),
    );
  });

  it("takes no addresses that are none, too few or too many, or that begin within a network", () => {
    for (const addressSpace of [
      "10.90.0.0",
      "10.90.0/24",
      "10.900.0.0/24",
      "10.90.0.0/27",
      "10.0.0.0/8",
      "10.90.0.1/24",
    ])
      assert.ok(!taken({ mode: "private", addressSpace }), addressSpace);
    assert.ok(!taken({ mode: "private", functionAllowList: ["fivetran.com"] }));
    assert.ok(!taken("open"));
    assert.ok(!taken({ mode: "public" }));
  });

  it("gives the function one half of the addresses and the endpoints the other", () => {
    assert.deepEqual(halves("10.90.0.0/24"), ["10.90.0.0/25", "10.90.0.128/25"]);
    assert.deepEqual(halves("192.168.0.0/16"), ["192.168.0.0/17", "192.168.128.0/17"]);
    assert.deepEqual(halves("10.90.0.64/26"), ["10.90.0.64/27", "10.90.0.96/27"]);
  });

  it("knows which addresses overlap", () => {
    assert.ok(overlap("10.90.0.0/24", "10.90.0.0/16"));
    assert.ok(overlap("10.0.0.0/8", "10.90.0.0/24"));
    assert.ok(overlap("10.90.0.128/25", "10.90.0.0/24"));
    assert.ok(!overlap("10.90.0.0/25", "10.90.0.128/25"));
    assert.ok(!overlap("10.90.0.0/24", "10.91.0.0/16"));
  });
});
