import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type mssql from "mssql";
import { ServerDatabases } from "./server-databases";
import type { ServerEngine } from "./server-engine";
import { ServerRecord } from "./server-record";

/** A server that tracks databases by name, and requires CREATE DATABASE and DROP DATABASE to be alone in their batches. */
class FakeServer extends ServerDatabases {
  readonly names = new Set<string>();

  override async engine(): Promise<ServerEngine> {
    return { kind: "azure-sql", title: "Azure SQL Database", hasUsers: true, hasOwnLogins: false };
  }

  override async pool(): Promise<mssql.ConnectionPool> {
    return { request: () => this.#request() } as unknown as mssql.ConnectionPool;
  }

  #request() {
    const inputs: Record<string, string> = {};
    const request = {
      input: (name: string, value: string) => {
        inputs[name] = value;
        return request;
      },
      query: async (sql: string) => {
        assert.match(sql, /db_id\(@name\)/);
        return { recordset: [{ id: this.names.has(inputs.name ?? "") ? 7 : null }] };
      },
      batch: async (sql: string) => {
        const [, verb, name = ""] = /^(create|drop) database \[(\w+)\]$/.exec(sql) ?? [];
        assert.ok(verb !== undefined || !/create database|drop database/.test(sql), `not alone: ${sql}`);
        if (verb === "create") this.names.add(name);
        if (verb === "drop") assert.ok(this.names.delete(name), `${name} does not exist`);
      },
    };
    return request;
  }
}

describe("an emulator's databases on a server", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sql-databases-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("are created and dropped once, by statements that Azure SQL Database accepts", async () => {
    const record = await ServerRecord.choose(folder, "mssql://sa:x@127.0.0.1");
    const server = new FakeServer(record);
    await server.ensure("a");
    await server.ensure("a");
    await server.ensure("b");
    assert.deepEqual([...server.names], ["a", "b"]);
    server.names.delete("b");
    await server.dropAll();
    assert.deepEqual([[...server.names], record.databases], [[], []]);
  });
});
