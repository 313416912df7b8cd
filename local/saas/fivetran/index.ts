import type { FastifyInstance } from "fastify";
import type pg from "pg";
import type { FlowLog } from "../../../packages/azure-emulator/control-plane/flow-log";
import type { LocalService } from "../../../packages/azure-emulator/control-plane/local-service";
import { ConnectionStore } from "./connection-store";
import { fivetranRoutes } from "./routes";

export interface FivetranDependencies {
  readonly context: { readonly flow: FlowLog };
  /** A pool for the PostgreSQL database of that name, created if missing. */
  readonly pool: (database: string) => Promise<pg.Pool>;
  /** The time at which pages are applied, which decides the month they count for. The machine's clock by default. */
  readonly now?: () => Date;
}

/** A Fivetran that calls the function as the real one does and checks every answer against the protocol. */
export function createFivetran({
  context,
  pool,
  now = () => new Date(),
}: FivetranDependencies): LocalService {
  const store = new ConnectionStore(() => pool("fivetran"), now);
  return {
    name: "fivetran",
    resourceTypes: [],
    routes(app: FastifyInstance) {
      app.register(async (scope) => fivetranRoutes(scope, store, context.flow), {
        prefix: "/fivetran/connections",
      });
    },
  };
}
