import assert from "node:assert/strict";
import { QtError } from "../../errors/qt-error";
import { migrateWith } from "../migrate";
import { type Connect, MssqlExecutor } from "../migration-executor";
import { checksumOf, type MigrationFile, readMigrationFiles } from "../migration-files";

/** An empty database. */
export interface EmptyDatabase {
  /** Connects as its administrator. */
  readonly connect: Connect;
  /** Every table of ours as `schema.table`, sorted. */
  tables(): Promise<string[]>;
}

const datasets = [{ id: "d", table: "landed", keyColumns: ["id"] }];
const retention = { deletedRowsDays: 30, retiredTablesDays: 365 };

/** Declares the tests of the migration, which run over TDS both on the twin and on SQL Server. */
export function describeMigration(open: () => Promise<EmptyDatabase>): void {
  const files = readMigrationFiles();
  const migrate = ({ connect }: EmptyDatabase, with_: readonly MigrationFile[] = files) =>
    migrateWith(new MssqlExecutor(connect), with_, {
      datasets,
      unknownDatasets: "ignore",
      retention,
      users: [],
    });
  const fails = (code: string) => (error: unknown) => error instanceof QtError && error.code === code;

  it("supports two runners at once: every file runs once, and a later run does nothing", async () => {
    const database = await open();
    const [one, two] = await Promise.all([migrate(database), migrate(database)]);
    const applied = [...one.applied, ...two.applied];
    assert.equal(new Set(applied).size, applied.length);
    const third = await migrate(database);
    assert.deepEqual([third.applied, third.datasets], [[], one.datasets]);
    assert.equal(applied.length, third.unchanged - (files.length - applied.length));
    assert.deepEqual(third.datasets, [{ id: "d", table: "landed", status: "active" }]);
  });

  it("leaves the database unchanged if a file fails, and names the file", async () => {
    const database = await open();
    await migrate(database);
    const before = await database.tables();
    assert.ok(before.includes("data.landed"));
    const text = "create table qt.half_made (a int not null);\ninsert into qt.half_made values (null);";
    const broken = file("migrations/9999-broken.sql", text);
    await assert.rejects(migrate(database, [...files, broken]), (error) => {
      assert.ok(fails("QT4043")(error));
      assert.match((error as Error).message, /9999-broken/);
      return true;
    });
    assert.deepEqual(await database.tables(), before);
    assert.deepEqual((await migrate(database)).applied, []);
  });

  it("leaves every procedure unchanged if one of the repeatable files fails", async () => {
    const database = await open();
    await migrate(database);
    const newer = files.map((each) =>
      each.name === "repeatable/check-run.sql" ? repeatable(each.name, `-- newer\n${each.text}`) : each,
    );
    const broken = repeatable(
      "repeatable/list-datasets.sql",
      "alter procedure qt.nothing as begin return end",
    );
    const half = newer.map((each) => (each.name === broken.name ? broken : each));
    await assert.rejects(migrate(database, half), fails("QT4043"));
    assert.deepEqual((await migrate(database)).applied, [], "the old version is complete");
  });

  it("refuses a file that changed after it ran, and a newer database, before it changes anything", async () => {
    const database = await open();
    await migrate(database);
    const before = await database.tables();
    const first = files.find(({ kind }) => kind === "numbered");
    assert.ok(first);
    const changed = files.map((each) =>
      each === first ? file(first.name, `${first.text}\n-- later`) : each,
    );
    await assert.rejects(migrate(database, changed), fails("QT4040"));
    await assert.rejects(
      migrate(
        database,
        files.filter((each) => each !== first),
      ),
      fails("QT4041"),
    );
    assert.deepEqual(await database.tables(), before);
  });
}

function repeatable(name: string, text: string): MigrationFile {
  return { name, kind: "repeatable", rights: false, text, checksum: checksumOf(text) };
}

function file(name: string, text: string): MigrationFile {
  return { name, kind: "numbered", rights: false, text, checksum: checksumOf(text) };
}
