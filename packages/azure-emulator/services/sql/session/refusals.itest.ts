import assert from "node:assert/strict";
import { packetType } from "../tds/protocol";
import { ask, readAnswer } from "../testing/answer";
import { batch, RawClient } from "../testing/raw-client";
import { testFiles, testProcedures } from "../testing/test-procedures";
import { startWorld, TEST_DATABASE, type TestWorld } from "../testing/test-support";

/** Tables with every kind of constraint, and procedures that violate them. */
const constraints = `
  create table shop.parent (id int primary key);
  create table shop.child (id int constraint child_id unique, parent int not null constraint child_parent references shop.parent,
    age int constraint child_age check (age >= 0));
  create unique index child_age_once on shop.child (age);
  insert into shop.parent values (1), (2);
  insert into shop.child values (1, 1, 7);
  create function shop.add_child(id int, parent int, age int) returns void language sql as
    $$ insert into shop.child values (id, parent, age) $$;
  create function shop.drop_parent(id int) returns void language sql as
    $$ delete from shop.parent p where p.id = drop_parent.id $$;
  create function shop.divide(by int) returns table (n int) language sql as $$ select 1 / by $$;
  create function shop.as_int(t text) returns table (n int) language sql as $$ select t::int $$;
  create function shop.as_numeric(t text) returns table (n numeric) language sql as $$ select t::numeric $$;
  create function shop.twice(n int) returns table (m int) language sql as $$ select n * 2 $$;
  create function shop.lost() returns table (n int) language plpgsql as $$ begin execute 'select n from shop.nowhere'; end $$;
  create table shop.typed_row (f float8, d numeric(9, 2), u uuid, day date, moment timestamp(3), name varchar(20));
  create function shop.typed() returns setof shop.typed_row
    language sql as $$ select 1.5, 2.5, '01234567-89ab-cdef-0123-456789abcdef'::uuid, date '2026-11-21', timestamp '2026-11-21 01:02:03', 'x' $$;`;

describe("errors and refusals over TDS", () => {
  let world: TestWorld;
  let client: RawClient;

  before(async () => {
    world = await startWorld(testFiles);
    client = await open();
    await ask(client, testProcedures);
    await world.service.query("sql-test", "orders", constraints);
  });
  after(async () => {
    client?.close();
    await world?.stop();
  });

  describe("have SQL Server's number and words:", () => {
    const cases: [call: string, number: number, message: RegExp][] = [
      [
        "shop.add_child 1, 1, 8",
        2627,
        /^Violation of UNIQUE KEY constraint 'child_id'\. Cannot insert duplicate key in object 'shop\.child'\. The duplicate key value is \(1\)\.$/,
      ],
      [
        "shop.add_child 2, 1, 7",
        2601,
        /^Cannot insert duplicate key row in object 'shop\.child' with unique index 'child_age_once'\. The duplicate key value is \(7\)\.$/,
      ],
      [
        "shop.add_child 2, NULL, 8",
        515,
        /^Cannot insert the value NULL into column 'parent', table 'orders\.shop\.child'; column does not allow nulls\. INSERT fails\.$/,
      ],
      [
        "shop.add_child 2, 9, 8",
        547,
        /^The INSERT statement conflicted with the FOREIGN KEY constraint "child_parent"\. .* database "orders", table "shop\.parent", column 'parent'\.$/,
      ],
      [
        "shop.drop_parent 1",
        547,
        /^The DELETE statement conflicted with the REFERENCE constraint "child_parent"\. .* table "shop\.child"/,
      ],
      [
        "shop.add_child 2, 1, -1",
        547,
        /^The INSERT statement conflicted with the CHECK constraint "child_age"\./,
      ],
      ["shop.divide 0", 8134, /^Divide by zero error encountered\.$/],
      ["shop.lost", 208, /^Invalid object name 'shop\.nowhere'\.$/],
      ["shop.twice 2147483647", 8115, /^Arithmetic overflow error converting expression to data type int\.$/],
      [
        "shop.as_int 'abc'",
        245,
        /^Conversion failed when converting the nvarchar value 'abc' to data type int\.$/,
      ],
      ["shop.as_numeric 'abc'", 8114, /^Error converting data type nvarchar to numeric\.$/],
      ["shop.nothing", 2812, /^Could not find stored procedure 'shop\.nothing'\.$/],
    ];
    for (const [call, number, message] of cases) {
      it(`${number} of ${call}`, async () => {
        const [error] = (await ask(client, `EXEC ${call}`)).errors;
        assert.equal(error?.number, number);
        assert.match(error?.message ?? "", message);
        assert.ok(error !== undefined && error.class < 20);
      });
    }
  });

  it("end the connection if PostgreSQL ends the session while rows are read", async () => {
    const doomed = await open();
    doomed.send(packetType.batch, batch("EXEC shop.forever"));
    const pid = "select pid from pg_stat_activity where wait_event = 'PgSleep'";
    let rows: Record<string, unknown>[] = [];
    while (rows.length === 0) rows = await world.service.query("sql-test", "orders", pid);
    await world.service.query("sql-test", "orders", `select pg_terminate_backend(${rows[0]?.pid})`);
    const { errors } = await readAnswer((await doomed.message()).body);
    assert.deepEqual(
      errors.map(({ number, class: severity }) => [number, severity]),
      [[596, 21]],
    );
    await doomed.closed();
  });

  describe("of names", () => {
    for (const name of ["otherdb.shop.list_kept", "[otherdb]..[list_kept]", "srv.orders.shop.list_kept"])
      it(`refuse ${name} with 40515, and call nothing`, async () => {
        const [error] = (await ask(client, `EXEC ${name}`)).errors;
        assert.equal(error?.number, 40515);
        assert.match(
          error?.message ?? "",
          /^Reference to database and\/or server name in '.*' is not supported/,
        );
      });

    for (const name of ["orders.shop.list_kept", "[ORDERS].shop.[list_kept]", '"orders"."shop"."list_kept"'])
      it(`accept ${name}`, async () => {
        assert.deepEqual((await ask(client, `EXEC ${name}`)).errors, []);
      });
  });

  describe("of procedures of the system that are not here name them, and nothing of the batch runs", () => {
    for (const name of ["sp_describe_first_result_set", "sp_who", "sys.sp_tables", "master..xp_msver"])
      it(name, async () => {
        const { errors, rows } = await ask(client, `EXEC shop.keep 1, N'x'; EXEC ${name}`);
        assert.equal(errors[0]?.number, name.startsWith("master") ? 40515 : 56101);
        assert.ok(errors[0]?.message.includes(name));
        assert.deepEqual([rows, (await ask(client, "EXEC shop.list_kept")).rows], [[], []]);
      });
  });

  it("run sp_executesql as text, with its parameters", async () => {
    const text = "EXEC sp_executesql N'EXEC shop.twice @x', N'@x int', @x = 21";
    assert.deepEqual((await ask(client, text)).rows, [[42]]);
    assert.deepEqual(
      (await ask(client, "EXEC sys.sp_executesql N'SELECT @a, @b', N'@a int, @b bit', 5, 1")).rows,
      [[5, true]],
    );
  });

  it("refuse a part of a text by its own words", async () => {
    const [error] = (await ask(client, "EXEC shop.list_kept; SELECT 1 UNION SELECT 2")).errors;
    assert.equal(error?.number, 56101);
    assert.match(error?.message ?? "", /: UNION SELECT 2 Safe/);
  });

  it("answer what drivers ask when they connect", async () => {
    const first = async (text: string) => (await ask(client, `SELECT ${text}`)).rows[0]?.[0];
    assert.match(String(await first("@@VERSION")), /^Microsoft SQL Azure \(RTM\) - 12\.0\.2000\.8 /);
    assert.equal(await first("CAST(SERVERPROPERTY('EngineEdition') AS int)"), 5);
    assert.equal(await first("SERVERPROPERTY('Edition')"), "SQL Azure");
    assert.equal(await first("DB_NAME()"), TEST_DATABASE);
    assert.equal(await first("USER_NAME()"), "dbo");
    assert.equal(
      await first("SUSER_SNAME()"),
      `${world.context.principals.deployer.clientId}@${world.context.tenantId}`,
    );
    assert.ok(Number(await first("@@SPID")) > 50);
  });

  it("have the types of SQL Server in their rows", async () => {
    const { types, rows } = await ask(client, "EXEC shop.typed");
    assert.deepEqual(types, ["FloatN", "NumericN", "UniqueIdentifier", "Date", "DateTime2", "NVarChar"]);
    assert.deepEqual(rows, [
      [
        1.5,
        2.5,
        "01234567-89AB-CDEF-0123-456789ABCDEF",
        new Date("2026-11-21T00:00:00Z"),
        withDelta("2026-11-21T01:02:03Z"),
        "x",
      ],
    ]);
  });

  it("give whole numbers that are too large for int as numeric", async () => {
    const { types } = await ask(client, "SELECT 2147483647, 2147483648, 1.5, 1e3");
    assert.deepEqual(types, ["IntN", "NumericN", "NumericN", "FloatN"]);
  });

  async function open(): Promise<RawClient> {
    const opened = await RawClient.open({ port: world.port, token: world.token(), database: TEST_DATABASE });
    return opened.client;
  }
});

/** A time as tedious reads it: with the nanoseconds that a Date does not hold. */
function withDelta(text: string): Date {
  const date = new Date(text);
  Object.defineProperty(date, "nanosecondsDelta", { enumerable: false, value: 0 });
  return date;
}
