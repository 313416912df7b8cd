import assert from "node:assert/strict";
import { QtError } from "../errors/qt-error";
import { type MigrateOptions, migrate, migrateWith } from "./migrate";
import { checksumOf, type MigrationFile, readMigratorStatement } from "./migration-files";
import { FakeExecutor, fakeDatabase } from "./testing/fake-executor";

const file = (name: string, text = `text of ${name}`): MigrationFile => ({
  name,
  kind: name.startsWith("migrations/") ? "numbered" : "repeatable",
  rights: name.endsWith(".rights.sql"),
  text,
  checksum: checksumOf(text),
});
const files = [
  file("migrations/0001-a.sql"),
  file("migrations/0002-b.sql"),
  file("repeatable/p.sql"),
  file("repeatable/g.rights.sql"),
];
const user = { name: "adf", clientId: "6f9619ff-8b86-d011-b42d-00cf4fc964ff", role: "loader" } as const;

function options(overrides: Partial<MigrateOptions> = {}): Omit<MigrateOptions, "connect"> {
  return {
    datasets: [{ id: "d", table: "t" }],
    unknownDatasets: "ignore",
    users: [user],
    retry: { pauses: [1, 2], sleep: async () => {} },
    ...overrides,
  };
}
const failing = (number: number) => Object.assign(new Error(`error ${number}`), { number });
const code = (expected: string) => (error: unknown) => error instanceof QtError && error.code === expected;

describe("migrate", () => {
  it("runs every file once, in order, then configures the datasets and creates the users", async () => {
    const executor = new FakeExecutor();
    const first = await migrateWith(executor, files, options());
    assert.deepEqual(
      executor.database.effects,
      files.map(({ text }) => text),
    );
    assert.deepEqual(executor.database.calls, [
      'qt.configure [{"id":"d","table":"t"}] ignore',
      "qt.set_retention",
      "qt.list_datasets",
      `qt.ensure_user adf ${user.clientId} loader`,
      "qt.change_types 20000",
    ]);
    assert.deepEqual(first, {
      engine: "sql-server",
      applied: files.map(({ name }) => name),
      unchanged: 0,
      datasets: [{ id: "d", table: "t", status: "active" }],
      users: ["adf"],
    });
    assert.ok(executor.closed);

    const second = await migrateWith(new FakeExecutor(executor.database), files, options());
    assert.deepEqual([second.applied, second.unchanged, executor.database.effects.length], [[], 4, 4]);
  });

  it("passes on how long deleted rows and retired tables are kept, and nothing of what is not set", async () => {
    const calls = async (retention: MigrateOptions["retention"]) => {
      const executor = new FakeExecutor();
      await migrateWith(executor, files, options({ retention }));
      return executor.database.calls[1];
    };
    assert.equal(await calls({ deletedRowsDays: 30, retiredTablesDays: 400 }), "qt.set_retention 30 400");
    assert.equal(await calls({ deletedRowsDays: 30 }), "qt.set_retention 30");
  });

  it("runs a repeatable file again if its text changed, and refuses a changed numbered file", async () => {
    const { database } = await migrated();
    const changed = files.map((one) => (one.name === "repeatable/p.sql" ? file(one.name, "new text") : one));
    assert.deepEqual((await migrateWith(new FakeExecutor(database), changed, options())).applied, [
      "repeatable/p.sql",
    ]);
    assert.equal(database.effects.at(-1), "new text");

    const rewritten = files.map((one) =>
      one.name === "migrations/0001-a.sql" ? file(one.name, "rewritten") : one,
    );
    await assert.rejects(migrateWith(new FakeExecutor(database), rewritten, options()), code("QT4040"));
    assert.equal(database.effects.length, 5);
  });

  it("refuses a database that is newer than the checkout, and a number in the middle", async () => {
    const { database } = await migrated();
    await assert.rejects(migrateWith(new FakeExecutor(database), files.slice(1), options()), code("QT4041"));
    const inserted = [file("migrations/0000-late.sql"), ...files];
    await assert.rejects(migrateWith(new FakeExecutor(database), inserted, options()), code("QT4042"));
  });

  it("rolls back a file that fails, keeps those before it, and continues from there", async () => {
    const executor = new FakeExecutor();
    executor.interrupt = (statement) => {
      if (statement === "qt.record_migration" && executor.database.journal.size === 1) throw failing(547);
    };
    await assert.rejects(migrateWith(executor, files, options()));
    assert.deepEqual([...executor.database.journal.keys()], ["migrations/0001-a.sql"]);
    assert.deepEqual(executor.database.effects, ["text of migrations/0001-a.sql"]);
    assert.ok(executor.closed);
    const { applied } = await migrateWith(new FakeExecutor(executor.database), files, options());
    assert.deepEqual(
      applied,
      files.slice(1).map(({ name }) => name),
    );
  });

  it("names the file that failed", async () => {
    const executor = new FakeExecutor();
    executor.interrupt = (statement) => {
      if (statement.endsWith("0002-b.sql")) throw failing(102);
    };
    await assert.rejects(migrateWith(executor, files, options()), (error: unknown) => {
      assert.ok(error instanceof QtError && error.code === "QT4043");
      assert.match(error.message, /migrations\/0002-b\.sql failed: error 102/);
      return true;
    });
  });

  it("replaces all procedures together or none", async () => {
    const { database } = await migrated();
    const executor = new FakeExecutor(database);
    executor.interrupt = (statement) => {
      if (statement === "newer rights") throw failing(102);
    };
    const changed = [
      ...files.slice(0, 2),
      file("repeatable/p.sql", "newer"),
      file("repeatable/g.rights.sql", "newer rights"),
    ];
    await assert.rejects(migrateWith(executor, changed, options()), code("QT4043"));
    assert.ok(!database.effects.includes("newer"));
    assert.equal(database.journal.get("repeatable/p.sql"), checksumOf("text of repeatable/p.sql"));
  });

  it("supports several runners at once: every file runs once", async () => {
    const database = fakeDatabase();
    const results = await Promise.all(
      [1, 2, 3].map(() => migrateWith(new FakeExecutor(database), files, options())),
    );
    assert.equal(database.effects.length, files.length);
    assert.deepEqual(results.flatMap(({ applied }) => applied).sort(), files.map(({ name }) => name).sort());
  });

  it("takes the lock in every transaction before anything else", async () => {
    const executor = new FakeExecutor();
    const seen: string[] = [];
    executor.interrupt = (statement) => seen.push(statement);
    await migrateWith(executor, files, options());
    const lock = readMigratorStatement("lock");
    for (const { text } of files.slice(0, 3)) assert.equal(seen[seen.indexOf(text) - 2], lock);
    assert.equal(seen.filter((statement) => statement === lock).length, 4, "once for all repeatable files");
    assert.equal(seen[seen.indexOf(readMigratorStatement("journal")) - 1], lock);
  });

  const steps: readonly [title: string, statement: string][] = [
    ["Connecting", "connect"],
    ["Reading the engine", readMigratorStatement("engine")],
    ["Journal", readMigratorStatement("journal")],
    ["Journal", readMigratorStatement("applied")],
    ["Configuration", "qt.configure"],
    ["Configuration", "qt.list_datasets"],
    ["User adf", "qt.ensure_user"],
    ["Changing types", "qt.change_types"],
    ["migrations/0001-a.sql", "text of migrations/0001-a.sql"],
    ["2 repeatable files", "text of repeatable/g.rights.sql"],
  ];
  for (const [title, at] of steps) {
    it(`tries again after a transient error in "${at.trim().split("\n").at(-1)}", and reports it`, async () => {
      const executor = new FakeExecutor();
      let left = 2;
      executor.interrupt = (statement) => {
        if (statement === at && left-- > 0) throw failing(40613);
      };
      const lines: string[] = [];
      await migrateWith(executor, files, options({ log: (line) => lines.push(line) }));
      assert.equal(executor.database.effects.length, files.length);
      const [first, second] = lines.filter((line) => line.includes("Trying again"));
      assert.match(first ?? "", new RegExp(`^${title}: .*error 40613.* Trying again in 0\\.001 s\\.$`));
      assert.match(second ?? "", / Trying again in 0\.002 s\.$/);
    });
  }

  it("does not repeat a statement that took too long", async () => {
    const executor = new FakeExecutor();
    let tries = 0;
    executor.interrupt = (statement) => {
      if (statement !== "qt.configure") return;
      tries++;
      const message = "Timeout: Request failed to complete in 900000ms";
      throw Object.assign(new Error(message), { code: "ETIMEOUT", name: "RequestError" });
    };
    await assert.rejects(migrateWith(executor, files, options()), code("QT4035"));
    assert.equal(tries, 1);
    assert.equal(executor.database.effects.length, files.length, "what was done before stays");
  });

  it("fails after the last pause, and keeps the cause", async () => {
    const asleep = new FakeExecutor();
    asleep.interrupt = () => {
      throw failing(40613);
    };
    await assert.rejects(migrateWith(asleep, files, options()), (error: unknown) => {
      assert.ok(error instanceof QtError && error.code === "QT4046");
      assert.deepEqual(error.details, { reason: "error 40613" });
      assert.equal((error.cause as Error).message, "error 40613");
      return true;
    });
    assert.equal(asleep.connections, 3);
    assert.ok(asleep.closed);
  });

  it("does not try again if the connection is refused for good", async () => {
    const refused = new FakeExecutor();
    refused.interrupt = () => {
      throw failing(18456);
    };
    await assert.rejects(migrateWith(refused, files, options()), code("QT4046"));
    assert.equal(refused.connections, 1);
    const connect = () => Promise.reject(Object.assign(new Error("no such host"), { code: "ENOTFOUND" }));
    await assert.rejects(migrate({ ...options(), connect }), {
      code: "QT4046",
      details: { reason: "no such host" },
    });
  });

  it("does not take a defect for a connection that failed", async () => {
    const defect = new TypeError("Promise.withResolvers is not a function");
    // The driver wraps what it does not expect, too.
    const wrapped = Object.assign(new Error(defect.message), {
      name: "ConnectionError",
      originalError: defect,
    });
    for (const thrown of [defect, wrapped])
      await assert.rejects(
        migrate({ ...options(), connect: () => Promise.reject(thrown) }),
        (error) => error === thrown,
      );
  });

  it("logs each file that it applied, and the sum", async () => {
    const { database } = await migrated();
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    await migrateWith(new FakeExecutor(), files, options({ log }));
    assert.deepEqual(lines, [
      ...files.map(({ name }) => `Applied ${name}`),
      "Database: 4 of 4 files applied, 1 datasets configured, 1 users.",
    ]);
    lines.length = 0;
    const changed = files.map((one) => (one.name === "repeatable/p.sql" ? file(one.name, "new text") : one));
    const executor = new FakeExecutor(database);
    let left = 1;
    executor.interrupt = (statement) => {
      if (statement === "new text" && left-- > 0) throw failing(1205);
    };
    await migrateWith(executor, changed, options({ log }));
    assert.match(lines.shift() ?? "", /^repeatable\/p\.sql: .*error 1205/);
    assert.deepEqual(lines, [
      "Applied repeatable/p.sql",
      "Database: 1 of 4 files applied, 1 datasets configured, 1 users.",
    ]);
  });

  it("opens only the journal's transaction if no file is pending", async () => {
    const { database } = await migrated();
    const executor = new FakeExecutor(database);
    let locks = 0;
    executor.interrupt = (statement) => {
      if (statement === readMigratorStatement("lock")) locks++;
    };
    await migrateWith(executor, files, options());
    assert.equal(locks, 1);
  });

  it("opens the firewall for the refused address, or reports it", async () => {
    const executor = new FakeExecutor();
    const refusal =
      "Cannot open server 'x' requested by the login. Client with IP address '203.0.113.7' is not allowed to access the server.";
    const opened: string[] = [];
    executor.interrupt = (statement) => {
      if (statement === "connect" && opened.length === 0)
        throw Object.assign(new Error(refusal), { code: "ELOGIN" });
    };
    const onFirewall = async (address: string) => opened.push(address) > 0;
    await migrateWith(executor, files, options({ onFirewall }));
    assert.deepEqual(opened, ["203.0.113.7"]);

    opened.length = 0;
    await assert.rejects(migrateWith(executor, files, options()), (error: unknown) => {
      assert.ok(error instanceof QtError && error.code === "QT4044");
      assert.deepEqual(error.details, { address: "203.0.113.7" });
      assert.equal((error.cause as Error).message, refusal);
      return true;
    });
  });

  it("on Babelfish leaves out rights and replaces EXECUTE AS OWNER", async () => {
    const executor = new FakeExecutor();
    executor.engine = "babelfish";
    const procedure = file("repeatable/p.sql", "alter procedure qt.p\nwith execute as owner\nas\nselect 1");
    const { applied, users } = await migrateWith(
      executor,
      [files[0] ?? procedure, procedure, file("repeatable/g.rights.sql")],
      options(),
    );
    assert.deepEqual([applied, users], [["migrations/0001-a.sql", "repeatable/p.sql"], []]);
    assert.equal(executor.database.effects[1], "alter procedure qt.p\nwith execute as caller\nas\nselect 1");
    assert.equal(
      executor.database.journal.get("repeatable/p.sql"),
      procedure.checksum,
      "the journal has the checksum of the file, not of the changed text",
    );
  });
});

async function migrated(): Promise<FakeExecutor> {
  const executor = new FakeExecutor();
  await migrateWith(executor, files, options());
  return executor;
}
