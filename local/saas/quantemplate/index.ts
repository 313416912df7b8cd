import path from "node:path";
import type {
  LocalContext,
  LocalService,
} from "../../../packages/azure-emulator/control-plane/local-service";
import { createAccessTokens } from "./access-tokens";
import { adminRoutes } from "./admin";
import { apiRoutes } from "./api";
import { createDatasetStore } from "./dataset-store";
import { createDeliveries, type DeliveryOptions } from "./deliveries";
import { createFaultPlan } from "./fault-plan";
import { createOrganisationStore } from "./organisation-store";
import { streamBodies } from "./request-body";

/**
 * Quantemplate on this machine: organisations with an API client, datasets as CSV, events to subscribers.
 * Token URL: `/quantemplate/auth/realms/qt/protocol/openid-connect/token`; API URL: `/quantemplate/`; administration:
 * `/quantemplate/admin/organisations/<organisation>`.
 */
export function createQuantemplate(context: LocalContext, options: DeliveryOptions = {}): LocalService {
  const folder = path.join(context.folder, "quantemplate");
  const organisations = createOrganisationStore(folder);
  const datasets = createDatasetStore(folder);
  const tokens = createAccessTokens(folder);
  const faults = createFaultPlan();
  const deliveries = createDeliveries(folder, context.flow, options);
  return {
    name: "quantemplate",
    resourceTypes: [],
    routes(app) {
      streamBodies(app);
      apiRoutes(app, { organisations, datasets, tokens, faults });
      void app.register(async (admin) => adminRoutes(admin, { organisations, datasets, faults, deliveries }));
    },
    start: async () => deliveries.resume(),
    stop: () => deliveries.stop(),
  };
}
