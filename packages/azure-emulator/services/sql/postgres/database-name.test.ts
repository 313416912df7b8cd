import assert from "node:assert/strict";
import { postgresDatabaseName } from "./database-name";

describe("postgresDatabaseName", () => {
  it("keeps a short name readable, and ignores case", () => {
    assert.equal(postgresDatabaseName("sql-dev", "Orders"), "sql-dev/orders");
  });

  it("cuts a long name and adds a checksum to distinguish it", () => {
    const names = ["a", "b"].map((end) => postgresDatabaseName("sql-orders-dev-westeurope", `orders${end}`));
    assert.ok(names.every((name) => Buffer.byteLength(name) <= 24));
    assert.notEqual(names[0], names[1]);
  });

  it("does not confuse names that contain a slash or a quote", () => {
    assert.match(postgresDatabaseName("s", 'd"b é'), /^s\/db~[0-9a-f]{8}$/);
  });
});
