import assert from "node:assert/strict";
import { postgresDatabaseName } from "./database-name";

describe("postgresDatabaseName", () => {
  it("is readable where it is short, and the same whatever the case", () => {
    assert.equal(postgresDatabaseName("sql-dev", "Orders"), "sql-dev/orders");
  });

  it("is cut and told apart by a checksum where it is long", () => {
    const names = ["a", "b"].map((end) => postgresDatabaseName("sql-orders-dev-westeurope", `orders${end}`));
    assert.ok(names.every((name) => Buffer.byteLength(name) <= 24));
    assert.notEqual(names[0], names[1]);
  });

  it("does not confuse servers and databases with a slash or a quote in them", () => {
    assert.match(postgresDatabaseName("s", 'd"b é'), /^s\/db~[0-9a-f]{8}$/);
  });
});
