import { ArmError } from "../../../control-plane/arm-error";
import type { ArmRoute, LocalContext, ResourceType } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import { parentId } from "../../../control-plane/resource-id";
import { armRules, refusal } from "../../../control-plane/rules/azure-rule";
import { SITE_PATH, siteOf } from "../rest/site-request";
import { CONFIG_TYPE, webConfig } from "./web-config";

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

export const siteConfigRules = armRules("Settings of an app", {
  listed: {
    what: "Settings, connection strings and their like have no GET and are in no list: `POST …/config/<name>/list` shows them, with the action `Microsoft.Web/sites/config/list/action`, which Reader lacks.",
    source:
      "https://github.com/Azure/azure-rest-api-specs/blob/main/specification/web/resource-manager/Microsoft.Web (WebApps_ListApplicationSettings, WebApps_ListConnectionStrings); https://github.com/Azure/azure-sdk-for-java/issues/24893",
    answer: { status: 405, code: "MethodNotAllowed" },
    test: ["services/web/site-secrets.itest.ts", "shows settings to whoever may list them, by POST only"],
    moreTests: [
      ["services/web/site-secrets.itest.ts", "are in no list and in no answer of the site"],
      ["services/web/site-secrets.itest.ts", "has one configuration for everybody to read, without secrets"],
    ],
  },
  onFlex: {
    what: "Settings that Flex Consumption deprecates are refused.",
    source:
      "https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations",
    answer: { status: 400, code: "BadRequest" },
    test: ["services/web/web-rules.itest.ts", "refuses settings that Flex Consumption does not have"],
  },
});

/** The settings of which Azure says that only POST lists them. */
const LIST_ONLY: ReadonlySet<string> = new Set([
  "appsettings",
  "authsettings",
  "azurestorageaccounts",
  "backup",
  "connectionstrings",
  "metadata",
  "publishingcredentials",
  "pushsettings",
]);

/**
 * `sites/config`: the app runs with `appsettings`, and a change of them restarts it; other names are only stored.
 * @param restart starts the site's app with the current deployment
 */
export function configType(
  context: LocalContext,
  restart: (site: ArmResource) => Promise<void>,
): ResourceType {
  return {
    type: CONFIG_TYPE,
    listOnly: (name) => LIST_ONLY.has(name.toLowerCase()),
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

/** `POST config/<name>/list`: the settings of a kind, none if none were set. @throws ArmError 404 */
export function settingsRoutes(context: LocalContext): ArmRoute[] {
  const read = { method: "GET", action: `${CONFIG_TYPE}/read` } as const;
  return [
    {
      ...read,
      path: `${SITE_PATH}/config`,
      handle: async (request) => ({
        status: 200,
        body: { value: [webConfig(context, siteOf(context, request))] },
      }),
    },
    {
      ...read,
      path: `${SITE_PATH}/config/slotConfigNames`,
      handle: async (request) => ({ status: 200, body: slotConfigNames(context, siteOf(context, request)) }),
    },
    {
      ...read,
      path: `${SITE_PATH}/config/web`,
      handle: async (request) => ({ status: 200, body: webConfig(context, siteOf(context, request)) }),
    },
    {
      method: "POST",
      path: `${SITE_PATH}/config/:name/list`,
      action: `${CONFIG_TYPE}/list/action`,
      async handle(request) {
        const site = siteOf(context, request);
        const name = (request.params.name ?? "").toLowerCase();
        if (!LIST_ONLY.has(name)) {
          throw new ArmError(
            404,
            "NotFound",
            `There are no settings '${request.params.name}' of '${site.name}' to list.`,
          );
        }
        const id = `${site.id}/config/${name}`;
        const properties = context.resources.get(id)?.properties ?? {};
        return { status: 200, body: { id, name, type: CONFIG_TYPE, location: site.location, properties } };
      },
    },
  ];
}

/** `config/slotConfigNames`: the settings that stay with a slot; a site always has it, and by default it names none. */
function slotConfigNames(context: LocalContext, site: ArmResource): Record<string, unknown> {
  const id = `${site.id}/config/slotConfigNames`;
  const none = { connectionStringNames: null, appSettingNames: null, azureStorageConfigNames: null };
  const properties = { ...none, ...context.resources.get(id)?.properties };
  return { id, name: site.name, type: CONFIG_TYPE, location: site.location, properties };
}

function requireValidSettings(properties: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value !== "string") {
      throw new ArmError(400, "BadRequest", `The application setting '${name}' must be a string.`);
    }
    if (REFUSED_ON_FLEX.includes(name.toUpperCase())) {
      throw refusal(
        siteConfigRules.rules.onFlex,
        `The application setting '${name}' is not supported on Flex Consumption. Remove it.`,
      );
    }
  }
}
