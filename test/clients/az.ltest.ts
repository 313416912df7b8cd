import { join } from "node:path";
import { describeClients } from "./support/client-suite";
import { pythonProgram } from "./support/installation";

const areas = [
  "account_and_groups",
  "identities_and_roles",
  "key_vault",
  "storage",
  "sql",
  "directory",
  "offers",
  "monitor",
  "resources",
];

describeClients(
  "The az command line",
  "az",
  Object.fromEntries(
    areas.map((area) => [
      area.replaceAll("_", " "),
      ({ folder }) => ({
        command: pythonProgram(folder, "python"),
        args: ["-B", "-m", "unittest", "--verbose", `test_az.Az.test_${area}`],
        cwd: join(__dirname, "az"),
      }),
    ]),
  ),
);
