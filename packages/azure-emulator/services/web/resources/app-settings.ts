import { ArmError } from "../../../control-plane/arm-error";
import type { ArmRoute, LocalContext, ResourceType } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import { parentId } from "../../../control-plane/resource-id";

export type AppSettings = Readonly<Record<string, string>>;

/** Deprecated on Flex Consumption (learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations). */
const REFUSED_ON_FLEX = [
  "ENABLE_ORYX_BUILD",
  "FUNCTIONS_EXTENSION_VERSION",
  "FUNCTIONS_WORKER_RUNTIME",
  "FUNCTIONS_WORKER_RUNTIME_VERSION",
  "SCM_DO_BUILD_DURING_DEPLOYMENT",
  "TZ",
  "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
  "WEBSITE_CONTENTSHARE",
  "WEBSITE_NODE_DEFAULT_VERSION",
  "WEBSITE_RUN_FROM_PACKAGE",
  "WEBSITE_TIME_ZONE",
];

/**
 * `sites/config`: the app runs with `appsettings`, and a change of them restarts it; other names are only stored.
 * @param restart starts the site's app with the current deployment
 */
export function configType(
  context: LocalContext,
  restart: (site: ArmResource) => Promise<void>,
): ResourceType {
  return {
    type: "Microsoft.Web/sites/config",
    async put({ name, body }) {
      if (isAppSettings(name)) requireValidSettings(body.properties ?? {});
      return {};
    },
    async stored({ id, name }) {
      const site = context.resources.get(parentId(id));
      if (isAppSettings(name) && site !== undefined) await restart(site);
    },
  };
}

function isAppSettings(name: string): boolean {
  return name.toLowerCase() === "appsettings";
}

/** The stored settings. */
export function appSettingsOf(context: LocalContext, siteId: string): AppSettings {
  return (context.resources.get(`${siteId}/config/appsettings`)?.properties ?? {}) as AppSettings;
}

export function appSettingsRoutes(context: LocalContext): ArmRoute[] {
  const path = "/providers/Microsoft.Web/sites/:site/config/appsettings";
  const action = "Microsoft.Web/sites/config/list/action";
  return [
    {
      method: "POST",
      path: `${path}/list`,
      action,
      async handle({ resourceGroupId, params }) {
        const siteId = `${resourceGroupId}/providers/Microsoft.Web/sites/${params.site}`;
        if (context.resources.get(siteId) === undefined) {
          throw new ArmError(404, "ResourceNotFound", `The site '${params.site}' was not found.`);
        }
        const id = `${siteId}/config/appsettings`;
        const properties = appSettingsOf(context, siteId);
        return {
          status: 200,
          body: { id, name: "appsettings", type: "Microsoft.Web/sites/config", properties },
        };
      },
    },
    {
      // Settings may be secret: as in Azure, a mere reader does not see them.
      method: "GET",
      path,
      action,
      async handle({ resourceGroupId, params }) {
        const id = `${resourceGroupId}/providers/Microsoft.Web/sites/${params.site}/config/appsettings`;
        const config = context.resources.get(id);
        if (config === undefined)
          throw new ArmError(404, "ResourceNotFound", `The resource '${id}' was not found.`);
        return { status: 200, body: config };
      },
    },
  ];
}

function requireValidSettings(properties: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value !== "string") {
      throw new ArmError(400, "BadRequest", `The application setting '${name}' must be a string.`);
    }
    if (REFUSED_ON_FLEX.includes(name.toUpperCase())) {
      throw new ArmError(
        400,
        "BadRequest",
        `The application setting '${name}' is not supported on Flex Consumption. Remove it.`,
      );
    }
  }
}
