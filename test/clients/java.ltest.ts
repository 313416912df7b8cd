import { delimiter, join } from "node:path";
import { jdbcUrl } from "../../local/commands/environment-values";
import type { Environment } from "../../local/environment";
import { type ClientPlace, describeClients } from "./support/client-suite";

const parts =
  (...args: readonly string[]) =>
  ({ folder }: ClientPlace) => ({
    command: "java",
    // Java compiles a program of one file by itself.
    args: [
      "--class-path",
      [join(folder, "jars", "*")].join(delimiter),
      join(__dirname, "java", "Clients.java"),
      ...args,
    ],
  });

const strange = "a b 'x' \"y\" {z} } ; =";
const environment = {
  sql: { host: "127.0.0.1", port: 1433, database: strange },
  deployer: { clientId: "c", clientSecret: strange },
} as unknown as Environment;

describeClients("Java's clients: azure-resourcemanager-*, azure-identity and mssql-jdbc", "java", {
  "make, read, list, change and delete groups, identities, accounts and vaults": parts("resources"),
  "use a database, encrypted and in TDS 8": parts("sql"),
  "read the line of `npm run local -- env --format jdbc`": parts(
    "url",
    jdbcUrl(environment),
    ...["databaseName", strange, "serverName", "127.0.0.1", "portNumber", "1433"],
  ),
});
