import assert from "node:assert/strict";
import tls from "node:tls";
import { inheritedNames, withInheritedNames } from "../../../../kit/testing/inherited-names";
import { startWorld, TEST_DATABASE, type TestWorld } from "../../sql/testing/test-support";
import { openMssql } from "./mssql-session";
import type { SqlSession } from "./sql-session";

const text = "SELECT columns with inherited names";
const columns = inheritedNames.map((name) => `'of ${name}' as "${name}"`).join(", ");
const files = {
  "names.sql": {
    tsql: text,
    postgres: `select ${columns}, 7::bigint as "valueOf", 9007199254740993::bigint as big`,
  },
};

describe("A session of Data Factory with the database", () => {
  let world: TestWorld;
  let session: SqlSession;

  before(async () => {
    world = await startWorld(files);
    tls.setDefaultCACertificates([...tls.getCACertificates("default"), world.context.certificates.ca]);
    const target = {
      host: "127.0.0.1",
      port: world.port,
      database: TEST_DATABASE,
      commandTimeout: 60,
      strict: false,
    };
    session = await openMssql(target, world.token());
  });

  after(async () => {
    await session?.close();
    await world?.stop();
  });

  it("reads columns whose names every object inherits, and a bigint as a number if it fits", async () => {
    const { recordsets } = await session.query(text, [], new AbortController().signal);
    const row = { ...withInheritedNames((name) => `of ${name}`), valueOf: 7, big: "9007199254740993" };
    assert.deepEqual(recordsets, [[row]]);
  });
});
