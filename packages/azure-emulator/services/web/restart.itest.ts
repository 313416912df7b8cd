import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { httpsCall } from "../../control-plane/https-call";
import { isFree } from "../../control-plane/ports";

/** An emulator in a separate process: `deploy` creates and publishes a site first, `again` only starts. Reports the site's address. */
const EMULATOR = `
  const { startTestEmulator } = require("./control-plane/testing/test-emulator");
  const { createStorageService } = require("./services/storage");
  const { createWebService } = require("./services/web");
  const { makeTestSite, packTestApp } = require("./services/web/testing/test-app");
  const [mode, folder] = process.argv.slice(1);
  const source = 'import { app } from "@azure/functions"; app.http("hello", { authLevel: "anonymous", handler: async () => ({ body: "hello" }) });';
  startTestEmulator((context) => [createStorageService(context), createWebService(context)], folder).then(async (emulator) => {
    if (mode === "deploy") await (await makeTestSite(emulator, "kept")).publish(await packTestApp(source));
    const [site] = emulator.context.resources.list({ type: "Microsoft.Web/sites" });
    process.send({ host: site.properties.defaultHostName, ca: emulator.context.certificates.ca });
  });
`;

interface SiteAddress {
  readonly host: string;
  readonly ca: string;
}

describe("functions host over restarts", () => {
  it("ends with a killed emulator, and runs again with the next one at the same address", async () => {
    const folder = await mkdtemp(join(tmpdir(), "restart-"));
    const running: ChildProcess[] = [];
    const start = async (mode: "deploy" | "again"): Promise<SiteAddress> => {
      const child = fork(mode, [folder], {
        execArgv: ["--require", "tsx/cjs", "--eval", EMULATOR],
        cwd: join(__dirname, "..", ".."),
      });
      running.push(child);
      const [address] = (await once(child, "message")) as [SiteAddress];
      return address;
    };
    const kill = async () => {
      const child = running.pop();
      child?.kill("SIGKILL");
      if (child) await once(child, "close");
    };
    try {
      const first = await start("deploy");
      const hello = ({ host, ca }: SiteAddress) =>
        httpsCall(`https://${host}/api/hello`, ca).then(({ body }) => body.toString());
      assert.equal(await hello(first), "hello");
      await kill();
      // Checks only the port: a request would itself end an orphan, when it cannot report its outcome.
      const port = Number(first.host.split(":")[1]);
      while (!(await isFree(port))) await setImmediate();
      const second = await start("again");
      assert.deepEqual(second, first);
      assert.equal(await hello(second), "hello");
      await kill();
      // At once, while the app's process may still run.
      assert.equal(await hello(await start("again")), "hello");
    } finally {
      await kill();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
