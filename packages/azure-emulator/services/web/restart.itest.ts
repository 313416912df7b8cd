import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { httpsCall } from "../../control-plane/https-call";
import { isFree } from "../../control-plane/ports";

/** An emulator in a process of its own: `deploy` makes and publishes a site first, `again` only starts. Reports where the site is. */
const STAND_IN = `
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

interface Told {
  readonly host: string;
  readonly ca: string;
}

describe("functions host over restarts", () => {
  it("ends with an emulator that is killed, and is back with the next one at the same address", async () => {
    const folder = await mkdtemp(join(tmpdir(), "restart-"));
    const running: ChildProcess[] = [];
    const start = async (mode: "deploy" | "again"): Promise<Told> => {
      const child = fork(mode, [folder], {
        execArgv: ["--require", "tsx/cjs", "--eval", STAND_IN],
        cwd: join(__dirname, "..", ".."),
      });
      running.push(child);
      const [told] = (await once(child, "message")) as [Told];
      return told;
    };
    const kill = async () => {
      const child = running.pop();
      child?.kill("SIGKILL");
      if (child) await once(child, "close");
    };
    try {
      const first = await start("deploy");
      const hello = ({ host, ca }: Told) =>
        httpsCall(`https://${host}/api/hello`, ca).then(({ body }) => body.toString());
      assert.equal(await hello(first), "hello");
      await kill();
      // Looks at the port only: a request would end an orphan by itself, when it tells its outcome to nobody.
      const port = Number(first.host.split(":")[1]);
      while (!(await isFree(port))) await setImmediate();
      const second = await start("again");
      assert.deepEqual(second, first);
      assert.equal(await hello(second), "hello");
      await kill();
      // At once, while the app's process may still be there.
      assert.equal(await hello(await start("again")), "hello");
    } finally {
      await kill();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
