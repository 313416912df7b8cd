import assert from "node:assert/strict";
import { addressNumber, addressText, contains, isAligned, isIn, overlaps, parseRange } from "./address-range";

const range = (text: string) => {
  const found = parseRange(text);
  assert.ok(found, text);
  return found;
};

describe("ranges of IPv4 addresses", () => {
  it("are read with their first and last address", () => {
    const { first, last, bits } = range("10.1.0.64/26");
    assert.deepEqual([addressText(first), addressText(last), bits], ["10.1.0.64", "10.1.0.127", 26]);
    assert.deepEqual(range("255.255.255.255"), range("255.255.255.255/32"));
    assert.equal(addressText(addressNumber("200.1.2.3") ?? 0), "200.1.2.3");
  });

  it("are refused if they are none", () => {
    for (const text of [
      "",
      "10.0.0",
      "10.0.0.256/24",
      "10.0.0.0/33",
      "10.0.0.0/",
      "10.0.0.0/24/1",
      "::1/64",
      "a/8",
    ])
      assert.equal(parseRange(text), undefined, text);
  });

  it("begin where a range of their size can", () => {
    assert.ok(isAligned(range("10.1.0.64/26")));
    assert.ok(!isAligned(range("10.1.0.65/26")));
    assert.ok(isAligned(range("0.0.0.0/0")));
  });

  it("contain and overlap each other", () => {
    assert.ok(contains(range("10.1.0.0/24"), range("10.1.0.64/26")));
    assert.ok(!contains(range("10.1.0.64/26"), range("10.1.0.0/24")));
    assert.ok(overlaps(range("10.1.0.64/26"), range("10.1.0.127/32")));
    assert.ok(!overlaps(range("10.1.0.64/26"), range("10.1.0.128/26")));
    assert.ok(isIn("10.1.0.70", ["192.0.2.0/24", "10.1.0.64/26"]));
    assert.ok(!isIn("10.1.0.1", ["10.1.0.64/26"]));
  });
});
