import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describeClients } from "./support/client-suite";
import { pythonProgram } from "./support/installation";

const folder = join(__dirname, "python");
const modules = readdirSync(folder)
  .filter((name) => /^test_.*\.py$/.test(name))
  .map((name) => name.slice(0, -".py".length));

describeClients(
  "Python's clients: azure-mgmt-*, azure-identity, Key Vault, Blob, python-tds, mssql-python",
  "python",
  Object.fromEntries(
    modules.map((module) => [
      module,
      ({ folder: clients }) => ({
        command: pythonProgram(clients, "python"),
        args: ["-B", "-W", "ignore", "-m", "unittest", "--verbose", module],
        cwd: folder,
      }),
    ]),
  ),
);
