import { FEWEST_INSTANCES, takesFewInstances } from "../../../../azure-resource-types";
import { ArmError } from "../../../control-plane/arm-error";
import type { LocalContext, PutRequest, ResourceType } from "../../../control-plane/local-service";
import { resourceGroupOf, sameId } from "../../../control-plane/resource-id";
import { armRules, refusal } from "../../../control-plane/rules/azure-rule";
import { type FunctionHosts, SITE_TYPE } from "../run/function-hosts";
import { requireFlexSite } from "./flex-site";
import { SERVER_FARM_TYPE } from "./server-farm";
import { addresses } from "./site-addresses";
import { functionAppConfigOf } from "./site-config";
import { requireIntegration } from "./site-integration";
import { addWebConfig } from "./web-config";

export const siteRules = armRules("Function apps", {
  instances: {
    what: "An app on Flex Consumption has a `maximumInstanceCount` of 40 or more; three regions take fewer.",
    source:
      "https://github.com/Azure/azure-functions-host/issues/10523; https://github.com/Azure-Samples/azure-functions-flex-consumption-samples (IaC/bicep/main.bicep: @minValue(40))",
    answer: { status: 400, code: "BadRequest" },
    test: [
      "services/web/web-rules.itest.ts",
      "refuses fewer than 40 instances where the region does not take them",
    ],
  },
  updates: {
    what: "An update of code or settings cuts the requests under way, unless `siteUpdateStrategy` is `RollingUpdate`, which lets them end within 230 s.",
    source: "https://learn.microsoft.com/azure/azure-functions/flex-consumption-site-updates",
    answer: { status: 502, code: "BadGateway" },
    test: ["services/web/site-update.itest.ts", "cuts a request under way with Recreate, the default"],
  },
});

/** A Function app on Flex Consumption. It has its own loopback port, which answers TLS and plain HTTP. */
export function siteType(context: LocalContext, hosts: FunctionHosts): ResourceType {
  return {
    type: SITE_TYPE,
    async put(request) {
      const { id, name, body } = request;
      requireUniqueName(context, request);
      requirePlan(context, body.properties?.serverFarmId);
      requireInstances(body);
      requireFlexSite(body.properties ?? {});
      requireIntegration(context, request);
      requireNoAppSettings(body.properties);
      const properties = {
        ...body.properties,
        ...(await addresses(context, name)),
        resourceGroup: resourceGroupOf(id)?.split("/").at(-1),
      };
      return { kind: body.kind ?? "functionapp,linux", properties };
    },
    async stored(site) {
      await addWebConfig(context, site);
      await hosts.of(site).start();
    },
    delete: (site) => hosts.remove(site),
  };
}

/** A site's name is part of its address, so it is unique across all groups. */
function requireUniqueName(context: LocalContext, { id, name }: PutRequest): void {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])$/i.test(name)) {
    throw new ArmError(
      400,
      "BadRequest",
      `'${name}' is not a valid name for a site: 2 to 60 letters, digits and inner hyphens.`,
    );
  }
  const taken = context.resources
    .list({ type: SITE_TYPE })
    .some((site) => sameId(site.name, name) && !sameId(site.id, id));
  if (taken) throw new ArmError(409, "Conflict", `Website with given name ${name} already exists.`);
}

function requirePlan(context: LocalContext, serverFarmId: unknown): void {
  const plan = context.resources.get(String(serverFarmId));
  if (plan?.type.toLowerCase() === SERVER_FARM_TYPE.toLowerCase()) return;
  throw new ArmError(404, "NotFound", `Cannot find the server farm with id '${String(serverFarmId)}'.`);
}

function requireInstances({ location, properties }: PutRequest["body"]): void {
  const { maximumInstanceCount } = functionAppConfigOf(properties).scaleAndConcurrency;
  if (maximumInstanceCount >= FEWEST_INSTANCES || takesFewInstances(String(location))) return;
  throw refusal(
    siteRules.rules.instances,
    `functionAppConfig.scaleAndConcurrency.maximumInstanceCount: ${maximumInstanceCount} is below ${FEWEST_INSTANCES} in ${String(location)}.`,
  );
}

/** Azure accepts settings here too; allowing only one place keeps all of an app's settings in one resource. */
function requireNoAppSettings(properties: Readonly<Record<string, unknown>> | undefined): void {
  const { appSettings } = (properties?.siteConfig ?? {}) as { appSettings?: unknown };
  if (!Array.isArray(appSettings) || appSettings.length === 0) return;
  throw new ArmError(
    400,
    "BadRequest",
    "The emulator reads application settings from sites/config 'appsettings' only, not from siteConfig.appSettings.",
  );
}
