import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { pythonPackagesFolder } from "../../../kit/testing/python-packages";
import { skip } from "../../../kit/testing/skip";
import { settings, testFiles, testProcedures, usersTwin, withPool } from "./testing/test-procedures";
import { startWorld, type TestWorld } from "./testing/test-support";

const run = promisify(execFile);

describe("python-tds against the SQL endpoint", () => {
  let world: TestWorld;
  let pythonPath: string;

  before(async function () {
    const found = await findPackages();
    if (typeof found !== "string") {
      skip(this, found.reason);
    }
    pythonPath = found;
    world = await startWorld(testFiles);
    await withPool(settings(world), (pool) => pool.request().batch(testProcedures));
    await world.service.query("sql-test", "orders", usersTwin(world.principal("function").clientId));
  });

  after(() => world?.stop());

  it("logs in, calls, pages, fails, cancels, commits and is refused like mssql", async () => {
    const child = spawn("python3", [join(__dirname, "python-client.py")], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, PYTHONPATH: pythonPath },
    });
    const tokens = {
      user: world.token(world.principal("function")),
      wrong: "nonsense",
      expired: world.token(world.context.principals.deployer, -60),
      stranger: world.token(world.principal("stranger")),
    };
    const cafile = world.context.certificates.caFile;
    child.stdin.end(JSON.stringify({ port: world.port, token: world.token(), cafile, tokens }));
    const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
    const seen = JSON.parse(output);
    const one = [[1]];
    assert.deepEqual(seen.modes, { plain: one, tls: one, "tls asked for the login only": one });
    const big = Number("9223372036854775807");
    assert.deepEqual(seen.echo, [["é 😀", big, -5, true, null, "1.50", "2026-11-21"]]);
    assert.deepEqual(seen.nulls, [[null, null, null, null, null, "1.50", "2026-11-21"]]);
    assert.deepEqual(seen.kept, [[501, "it's"]]);
    assert.deepEqual(seen.large, [1_200_000, true]);
    const rows = (count: number) =>
      Array.from({ length: count }, (_, index) => [index + 1, `row ${index + 1}`]);
    assert.deepEqual(seen.pages, [[["ok", 3]], rows(3)]);
    assert.deepEqual(seen["by text"], rows(2));

    const facts = ({ number, severity, state }: Record<string, unknown>) => [number, severity, state];
    assert.deepEqual(facts(seen.error), [54021, 16, 1]);
    assert.equal(seen.error.procedure, "shop.fail");
    assert.match(seen.error.text, /SHOP4021: It shrank\./);
    assert.deepEqual(facts(seen.deadlock), [1205, 13, 45]);
    assert.equal(seen.unknown.number, 56101);
    assert.equal(seen["missing procedure"].number, 2812);
    assert.equal(seen["another type"].number, 206);
    assert.deepEqual(facts(seen["missing grant"]), [229, 14, 5]);
    assert.deepEqual(seen["after cancel"], one);
    assert.match(seen.timeout.text, /timed? ?out/i);
    assert.deepEqual(
      seen["at once"],
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
    for (const [mode, refused] of Object.entries<Record<string, { text: string }>>(seen.logins)) {
      assert.match(refused.wrong?.text ?? "", /not currently configured to accept this token/, mode);
      assert.match(refused.expired?.text ?? "", /Token is expired/, mode);
      assert.match(
        refused.stranger?.text ?? "",
        /Login failed for user '<token-identified principal>'/,
        mode,
      );
    }
    // A query that the client abandoned does not keep running.
    const running = "select 1 from pg_stat_activity where wait_event = 'PgSleep'";
    while ((await world.service.query("sql-test", "orders", running)).length > 0);
  });
});

/** The folder with the packages, or the reason that it is missing. Tests fetch nothing; `npm test` puts the packages there first. */
async function findPackages(): Promise<string | { reason: string }> {
  const folder = pythonPackagesFolder("tds");
  try {
    await run("python3", ["-c", "import pytds, OpenSSL"], {
      env: { ...process.env, PYTHONPATH: folder },
    });
    return folder;
  } catch {
    return { reason: "python3 with python-tds is missing (npm test fetches it if pip can)" };
  }
}
