import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { skip } from "../../kit/testing/skip";
import { createLocalContext } from ".";
import { ARM_AUDIENCE } from "./identity";

describe("local context", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "context-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("is the same emulator after a restart: ids, addresses, certificates, tokens", async () => {
    const first = await createLocalContext(folder);
    const site = await first.port("site one");
    const { token } = first.tokens.issue(first.principals.deployer, ARM_AUDIENCE);
    await first.close();
    const second = await createLocalContext(folder);
    assert.equal(second.subscriptionId, first.subscriptionId);
    assert.equal(second.tenantId, first.tenantId);
    assert.equal(second.httpsUrl, first.httpsUrl);
    assert.equal(await second.port("site one"), site);
    assert.equal(second.certificates.ca, first.certificates.ca);
    assert.deepEqual(second.principals.deployer, first.principals.deployer);
    assert.equal(second.tokens.verify(token, ARM_AUDIENCE).clientId, first.principals.deployer.clientId);
    await second.close();
  });

  it("takes another port if the saved one is in use", async () => {
    const first = await createLocalContext(folder);
    const port = await first.port("site one");
    assert.equal(await first.port("site one"), port);
    await first.close();
    const other = createServer().listen(port, "127.0.0.1");
    await once(other, "listening");
    const second = await createLocalContext(folder);
    assert.notEqual(await second.port("site one"), port);
    await second.close();
    other.close();
  });

  it("belongs to one live process at a time; the lock of a killed process does not count", async () => {
    const script = `require(${JSON.stringify(join(__dirname, "index.ts"))}).createLocalContext(${JSON.stringify(folder)})
      .then(() => { process.stdout.write("open"); setInterval(() => {}, 1000); });`;
    const holder = spawn(process.execPath, ["--require", "tsx/cjs", "--eval", script], {
      cwd: join(__dirname, "..", "..", ".."),
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(holder.stdout, "data");
    await assert.rejects(createLocalContext(folder), { code: "QT6004" });
    holder.kill("SIGKILL");
    await once(holder, "exit");
    await (await createLocalContext(folder)).close();
  });

  it("lets only the owner read its files", async function () {
    if (process.platform === "win32") skip(this, "Windows has no file modes");
    const context = await createLocalContext(folder);
    for (const name of await readdir(folder, { recursive: true })) {
      const { mode } = await stat(join(folder, name));
      assert.equal(mode & 0o077, 0, `${name} is readable by others`);
    }
    await context.close();
  });

  it("has certificates that OpenSSL accepts under its strict rules, and no key of the authority on disk", async function () {
    const context = await createLocalContext(folder);
    const home = join(folder, "certificates");
    assert.deepEqual((await readdir(home)).sort(), ["bundle.pem", "ca.pem", "server-key.pem", "server.pem"]);
    const bundle = await readFile(context.certificates.bundleFile, "utf8");
    assert.ok(bundle.endsWith(context.certificates.ca));
    assert.ok(
      bundle.split("BEGIN CERTIFICATE").length > 50,
      "the authorities that the machine trusts are in it",
    );
    assert.doesNotMatch(bundle, /PRIVATE KEY/);
    await context.close();
    const args = ["verify", "-x509_strict", "-purpose", "sslserver", "-verify_ip", "127.0.0.1", "-CAfile"];
    let answer: string;
    try {
      answer = execFileSync("openssl", [...args, join(home, "ca.pem"), join(home, "server.pem")], {
        encoding: "utf8",
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return skip(this, "there is no openssl");
      throw error;
    }
    assert.match(answer, /: OK/);
  });
});
