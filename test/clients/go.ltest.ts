import { join } from "node:path";
import { describeClients } from "./support/client-suite";

describeClients("Go's clients: azidentity and go-mssqldb", "go", {
  "sign in, make a database and use it, plain, encrypted and in TDS 8": ({ folder }) => ({
    command: join(folder, "clients.test"),
    args: ["-test.v"],
  }),
});
