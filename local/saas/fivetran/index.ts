import type { FastifyInstance } from "fastify";
import type pg from "pg";
import type { FlowLog } from "../../../packages/azure-emulator/control-plane/flow-log";
import type { LocalService } from "../../../packages/azure-emulator/control-plane/local-service";
import { ConnectionStore } from "./connection-store";
import { fivetranRoutes } from "./routes";

export interface FivetranDependencies {
  readonly context: { readonly flow: FlowLog };
  /** A pool on a PostgreSQL database of that name, made when missing. */
  readonly pool: (database: string) => Promise<pg.Pool>;
  /** When pages are applied: months are counted by it. The machine's clock where it is left out. */
  readonly now?: () => Date;
}

/** A Fivetran that calls the function as Fivetran does and holds every answer to the protocol. */
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
