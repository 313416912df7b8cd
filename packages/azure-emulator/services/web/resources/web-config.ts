import type { LocalContext } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import { armRules } from "../../../control-plane/rules/azure-rule";
import { functionAppConfigOf } from "./site-config";

export const CONFIG_TYPE = "Microsoft.Web/sites/config";

export const webConfigRules = armRules("Configuration of an app", {
  filledIn: {
    what: "A site has `config/web` from its creation on, and Azure fills in a field of it when code lands: here `linuxFxVersion`. azure-native reads all of it into `siteConfig`.",
    source:
      "https://github.com/pulumi/pulumi-azure-native/pull/3482; https://learn.microsoft.com/rest/api/appservice/web-apps/get-configuration",
    answer: { status: 200, code: "OK" },
    test: ["services/web/site-secrets.itest.ts", "fills in a field of config/web when code lands"],
  },
});

/** Members of `config/web` that a PUT takes and no answer shows. */
const SECRET_PARTS = ["appSettings", "connectionStrings", "metadata"];

/** What Azure gives every Function app. */
const DEFAULTS = {
  numberOfWorkers: 1,
  linuxFxVersion: "",
  alwaysOn: false,
  http20Enabled: false,
  ftpsState: "FtpsOnly",
  minTlsVersion: "1.2",
  scmMinTlsVersion: "1.2",
};

/** `config/web`: what was set, over the defaults; a site always has it. */
export function webConfig({ resources }: LocalContext, site: ArmResource): Record<string, unknown> {
  const stored = Object.entries(resources.get(`${site.id}/config/web`)?.properties ?? {});
  const shown = Object.fromEntries(stored.filter(([name]) => !SECRET_PARTS.includes(name)));
  return {
    id: `${site.id}/config/web`,
    name: site.name,
    type: CONFIG_TYPE,
    location: site.location,
    properties: { ...DEFAULTS, ...shown },
  };
}

/** Stores the configuration of a new site. */
export async function addWebConfig(context: LocalContext, site: ArmResource): Promise<void> {
  if (context.resources.get(`${site.id}/config/web`) === undefined) await store(context, site, {});
}

/** Which field Azure fills in is not documented; any one makes azure-native's refresh find all of them. */
export async function fillInWebConfig(context: LocalContext, site: ArmResource): Promise<void> {
  const { name, version } = functionAppConfigOf(site.properties).runtime;
  await store(context, site, { linuxFxVersion: `${name.toUpperCase()}|${version}` });
}

async function store({ resources }: LocalContext, site: ArmResource, changed: object): Promise<void> {
  const id = `${site.id}/config/web`;
  const before = resources.get(id);
  const properties = { ...DEFAULTS, ...before?.properties, ...changed };
  await resources.set({ ...before, id, name: "web", type: CONFIG_TYPE, properties });
}
