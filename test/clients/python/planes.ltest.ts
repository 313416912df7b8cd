import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { pythonPackagesFolder } from "../../../packages/kit/testing/python-packages";
import { skip } from "../../../packages/kit/testing/skip";
import { type ClientEmulator, createAccount, createVault, startClientEmulator } from "../client-emulator";

const cases = [
  "containers",
  "blobs",
  "leases",
  "blocks",
  "blob_lists",
  "what_blobs_lack",
  "secrets",
  "keys",
  "factories",
];

describe("Microsoft's Python clients against the emulator", () => {
  let emulator: ClientEmulator | undefined;
  let outcomes: Readonly<Record<string, string | null>>;

  before(async function () {
    const folder = pythonPackagesFolder("azure");
    const env = { ...process.env, PYTHONPATH: folder };
    const imports = "import azure.keyvault.secrets, azure.mgmt.datafactory, azure.storage.blob";
    const found = await promisify(execFile)("python3", ["-c", imports], { env }).then(
      () => true,
      () => false,
    );
    if (!found)
      skip(
        this,
        "python3 with Microsoft's clients is missing (npm run test:clients fetches them if pip can)",
      );
    emulator = await startClientEmulator();
    const { armUrl, subscriptionId, tenantId, group, caFile, clientId, clientSecret } = emulator;
    const [vault, blobs] = [await createVault(emulator), await createAccount(emulator)];
    const child = spawn("python3", [join(__dirname, "planes.py")], {
      stdio: ["pipe", "pipe", "inherit"],
      env,
    });
    child.stdin.end(
      JSON.stringify({
        armUrl,
        subscriptionId,
        tenantId,
        group,
        caFile,
        clientId,
        clientSecret,
        vault,
        blobs,
      }),
    );
    const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
    outcomes = JSON.parse(output);
  });
  after(() => emulator?.stop());

  for (const name of cases) {
    it(name.replaceAll("_", " "), () => assert.equal(outcomes[name], null));
  }

  it("and no other cases", () => assert.deepEqual(Object.keys(outcomes), cases));
});
