import assert from "node:assert/strict";
import { join } from "node:path";
import tls from "node:tls";
import { migrate } from "../../database/migrate";
import { SQL_AUDIENCE } from "../../packages/azure-emulator/control-plane/identity";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../packages/azure-emulator/control-plane/testing/test-emulator";
import {
  createDataFactoryService,
  type DataFactoryService,
} from "../../packages/azure-emulator/services/data-factory";
import type { AzureCsvBehaviour } from "../../packages/azure-emulator/services/data-factory/copy/azure-csv-behaviour";
import {
  type FakeWeb,
  json,
  startFakeWeb,
  text,
} from "../../packages/azure-emulator/services/data-factory/testing/fake-web";
import { deployDefinitions } from "../../packages/azure-emulator/services/data-factory/testing/test-factory";
import { createSqlService, type SqlService } from "../../packages/azure-emulator/services/sql";
import { projectRoot } from "../places";
import { projectDefinitions } from "./testing/project-factory";

const CSV_PATH = "/v1/organisations/org/datasets/claims";

const readers: [reader: string, csv: Partial<AzureCsvBehaviour>][] = [
  ["a reader that takes what is documented as taken", {}],
  ["a reader that refuses what is not as it should be", { shortRow: "refused", badUtf8: "refused" }],
];
for (const [reader, csv] of readers)
  describe(`QT_fetch_data with the project's database and ${reader}`, () => suite(csv));

/** The deployed pipeline with the emulator's real database: TDS, mssql, COPY, the project's procedures. */
function suite(csv: Partial<AzureCsvBehaviour>): void {
  let emulator: TestEmulator;
  let sql: SqlService | undefined;
  let service: DataFactoryService | undefined;
  let quantemplate: FakeWeb;
  let id: string;
  const trusted = tls.getCACertificates("default");

  before(async () => {
    quantemplate = await startFakeWeb();
    emulator = await startTestEmulator((context) => {
      const database = createSqlService(context, { databaseFolder: join(projectRoot, "database") });
      sql = database;
      service = createDataFactoryService(context, { sql: () => database, intervalScale: 0, csv });
      return [database, service];
    });
    const { context, controlPlane, group } = emulator;
    tls.setDefaultCACertificates([...trusted, context.certificates.ca]);
    const { deployer } = context.principals;
    const administrators = {
      sid: deployer.objectId,
      login: deployer.displayName,
      principalType: "Application",
    };
    const serverId = `${group}/providers/Microsoft.Sql/servers/sql`;
    const server = await controlPlane.put(
      serverId,
      { location: "westeurope", properties: { administrators } },
      deployer,
    );
    await controlPlane.put(
      `${serverId}/databases/tenant`,
      { location: "westeurope", properties: {} },
      deployer,
    );
    const address = String(server.properties.fullyQualifiedDomainName);
    id = `${group}/providers/Microsoft.DataFactory/factories/adf-test`;
    await deployDefinitions(emulator, id, projectDefinitions(quantemplate.url, address));
    const factory = context.principals.byObjectId(context.resources.get(id)?.identity?.principalId ?? "");
    const { token } = context.tokens.issue(deployer, SQL_AUDIENCE);
    await migrate({
      connect: {
        server: "127.0.0.1",
        port: Number(address.split(",")[1]),
        database: "tenant",
        authentication: { type: "azure-active-directory-access-token", options: { token } },
      },
      datasets: [{ id: "claims", table: "claims", keyColumns: ["id"] }],
      unknownDatasets: "ignore",
      users: [{ name: "adf-test", clientId: factory?.clientId ?? "", role: "loader" }],
    });
    quantemplate.answers.set("/vault/secrets/qt", json({ value: "secret" }));
    quantemplate.answers.set("/token", json({ access_token: "t" }));
  });

  after(async () => {
    await emulator?.stop();
    await quantemplate?.close();
    tls.setDefaultCACertificates(trusted);
  });

  async function load(answer: Parameters<FakeWeb["answers"]["set"]>[1], dataset = "claims") {
    quantemplate.answers.set(CSV_PATH, answer);
    const { json: body } = await emulator.arm("POST", `${id}/pipelines/QT_fetch_data/createRun`, {
      DatasetID: dataset,
    });
    const run = await service?.waitForRun(body.runId);
    assert.ok(run);
    return run;
  }

  const live = async () =>
    (await sql?.query("sql", "tenant", "select id, name from data.claims where not _deleted order by id")) ??
    [];

  it("lands a snapshot, and the next one's changes", async () => {
    const first = await load(text('id,name\n1,"Ann, A"\n2,""\n3,\n'));
    assert.equal(first.message, "");
    assert.deepEqual(await live(), [
      { id: "1", name: "Ann, A" },
      { id: "2", name: "" },
      { id: "3", name: null },
    ]);
    await load(text("id,name\n1,Ann\n4,Dan\n2,\n3,\n"));
    assert.deepEqual(
      (await live()).map(({ name }) => name),
      ["Ann", null, null, "Dan"],
    );
  });

  it("leaves the table as it was when the CSV is malformed, cut off or empty", async () => {
    const before = await live();
    const malformed = await load(text("id,name\n1,Ann,extra\n"));
    assert.match(
      malformed.message,
      /^Operation on target FailRun failed: CopyDataset: .*DelimitedTextMoreColumnsThanDefined.*line 2/,
    );
    const cut = await load((_, response) => {
      response.writeHead(200, { "content-length": "99" });
      response.write("id,name\n9,Zoe\n", () => response.destroy());
    });
    assert.match(cut.message, /QT3107/);
    const empty = await load((_, response) => response.writeHead(204).end());
    assert.match(empty.message, /FailRun failed: Publish: .*QT4\d{3}/);
    assert.deepEqual(await live(), before);
    const staged = await sql?.query(
      "sql",
      "tenant",
      "select tablename from pg_tables where schemaname = 'staging'",
    );
    assert.deepEqual(staged, []);
  });

  it("refuses an unknown dataset with the procedure's own message", async () => {
    const run = await load(text(""), "unknown");
    assert.equal(run.status, "Failed");
    assert.match(run.message, /FailRun failed: BeginLoad: .*QT4\d{3}.*unknown/);
  });

  it("reconciles every dataset and purges", async () => {
    quantemplate.answers.set(CSV_PATH, text("id,name\n1,Ann\n5,Eve\n2,\n3,\n4,Dan\n"));
    const { json: body } = await emulator.arm("POST", `${id}/pipelines/QT_reconcile/createRun`, {});
    const run = await service?.waitForRun(body.runId);
    assert.equal(run?.message, "");
    assert.ok((await live()).some(({ name }) => name === "Eve"));
    const window = { lastUpdatedAfter: "2000-01-01T00:00:00Z", lastUpdatedBefore: "2100-01-01T00:00:00Z" };
    const { json: activities } = await emulator.arm(
      "POST",
      `${id}/pipelineruns/${body.runId}/queryActivityruns`,
      window,
    );
    const listed = activities.value.find(
      ({ activityName }: { activityName: string }) => activityName === "ListDatasets",
    );
    assert.deepEqual(listed.output.value, [{ dataset_id: "claims", table_name: "claims" }]);
  });

  const good = [1, 2, 3, 4, 5].map((id) => ({ id: `${id}`, name: `Ann ${id}` }));
  const lines = ({ id, name }: { readonly id: string; readonly name: string }) => `${id},${name}\n`;
  const whole = `id,name\n${good.map(lines).join("")}`;
  const damaged: [what: string, csv: string | Buffer, changed: Record<string, unknown>[], refusal: RegExp][] =
    [
      [
        "a last row that is cut short",
        whole.slice(0, -",Ann 5\n".length),
        [{ id: "5", name: null }],
        /QT6113/,
      ],
      [
        "a bare CR in a value",
        whole.replace("Ann 5", "Ann\r5"),
        // The second half of the row has the key of the first: the load is refused.
        [],
        /QT6113/,
      ],
      [
        "a bare CR that makes another key",
        whole.replace("Ann 5", "Ann\r6"),
        [
          { id: "5", name: "Ann" },
          { id: "6", name: null },
        ],
        /QT6113/,
      ],
      [
        "bytes that are not UTF-8",
        Buffer.from(whole.replace("Ann 5", "Andr\xe9"), "latin1"),
        [{ id: "5", name: "Andr\uFFFD" }],
        /QT6115/,
      ],
    ];
  for (const [what, body, changed, refusal] of damaged) {
    it(`${what}: is refused, or lands as far as it can be read, and the next snapshot mends it`, async () => {
      const sent = () => load(text(whole));
      assert.equal((await sent()).message, "");
      const run = await load((_, response) => response.writeHead(200).end(body));
      if (csv.shortRow === "refused") assert.match(run.message, refusal);
      const lands = csv.shortRow !== "refused" && changed.length > 0;
      assert.equal(run.status, lands ? "Succeeded" : "Failed");
      assert.deepEqual(await live(), lands ? [...good.slice(0, 4), ...changed] : good);
      assert.equal((await sent()).message, "");
      assert.deepEqual(await live(), good);
    });
  }

  it("a row of which the key is lost is refused by the guard", async () => {
    const before = await live();
    const run = await load(text(`${whole}\n6,Bob\n`));
    assert.match(run.message, csv.shortRow === "refused" ? /QT6113/ : /Publish: .*QT4013/);
    assert.deepEqual(await live(), before);
  });
}
