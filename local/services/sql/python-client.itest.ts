import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { pythonPackagesFolder } from "../../../scripts/python-packages";
import { settings, testFiles, testProcedures, withPool } from "./test-procedures";
import { startWorld, type TestWorld } from "./test-support";

const run = promisify(execFile);

describe("python-tds against the SQL endpoint", () => {
  let world: TestWorld;
  let pythonPath: string;

  before(async function () {
    const found = await findPackages();
    if (typeof found !== "string") {
      console.log(`    skipped: ${found.reason}`);
      return this.skip();
    }
    pythonPath = found;
    world = await startWorld(testFiles);
    await withPool(settings(world), (pool) => pool.request().batch(testProcedures));
  });

  after(() => world?.stop());

  it("logs in, calls, pages, cancels, commits and fails as mssql does", async () => {
    const child = spawn("python3", [join(__dirname, "python-client.py")], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, PYTHONPATH: pythonPath },
    });
    child.stdin.end(
      JSON.stringify({ port: world.port, token: world.token(), cafile: world.context.certificates.caFile }),
    );
    const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
    const seen = JSON.parse(output);
    const one = [[1]];
    assert.deepEqual(seen.modes, { plain: one, tls: one, "tls for the login only": one });
    const big = Number("9223372036854775807");
    assert.deepEqual(seen.echo, [["é 😀", big, -5, true, null, "1.50", "2026-11-21"]]);
    assert.deepEqual(seen.kept, [[501, "it's"]]);
    assert.deepEqual(seen.large, [1_200_000, true]);
    assert.deepEqual(seen.pages, [
      [["ok", 3]],
      [
        [1, "row 1"],
        [2, "row 2"],
        [3, "row 3"],
      ],
    ]);
    assert.deepEqual([seen.error.number, seen.error.severity], [54021, 16]);
    assert.equal(seen.unknown.number, 56101);
    assert.deepEqual(seen["after cancel"], one);
    assert.match(seen["wrong token"].text, /not currently configured to accept this token/);
  });
});

/** The folder with the packages, or why there is none. Tests fetch nothing: `npm test` puts them there before. */
async function findPackages(): Promise<string | { reason: string }> {
  const folder = pythonPackagesFolder("tds");
  try {
    await run("python3", ["-c", "import pytds, OpenSSL"], {
      env: { ...process.env, PYTHONPATH: folder },
    });
    return folder;
  } catch {
    return { reason: "python3 with python-tds is not here (npm test fetches it where pip can)" };
  }
}
