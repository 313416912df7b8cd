import * as automation from "@pulumi/azure-native/automation";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as monitor from "@pulumi/azure-native/monitor";
import * as resources from "@pulumi/azure-native/resources";
import * as sql from "@pulumi/azure-native/sql";
import * as pulumi from "@pulumi/pulumi";
import { Step } from "../../../infra/steps/step";
import type { StackProgram } from "../../../packages/azure-emulator/engine/engine";

/** How a test's program differs from the deployed one. */
export interface OptionsProgram {
  readonly owner?: string;
  readonly component?: string;
  readonly componentType?: string;
  readonly componentOptions?: pulumi.ComponentResourceOptions;
  readonly login?: string;
  readonly serverOptions?: pulumi.CustomResourceOptions;
  readonly databaseName?: string;
  readonly sku?: { readonly name: string; readonly tier: string; readonly capacity: number };
  /** The database is outside its component. */
  readonly isMoved?: boolean;
  databaseOptions?(made: { readonly data: pulumi.Resource }): pulumi.CustomResourceOptions;
  readonly mails?: readonly string[];
  readonly receiverOptions?: pulumi.CustomResourceOptions;
  readonly identity?: string;
  /** Region of the Automation account. */
  readonly region?: string;
  readonly accountOptions?: pulumi.CustomResourceOptions;
}

/** A small program in which each option of a resource can make a difference. */
export function optionsProgram(options: OptionsProgram): StackProgram {
  const {
    isMoved = false,
    owner = "a",
    component = "data",
    login = "admin",
    identity = "id",
    mails = ["a@x.example", "b@x.example"],
  } = options;
  return async () => {
    const tags = { owner };
    const location = "westeurope";
    const group = new resources.ResourceGroup("group", { resourceGroupName: "rg", location, tags });
    const inGroup = { resourceGroupName: "rg", location };
    const data = new pulumi.ComponentResource(
      options.componentType ?? "quantemplate:test:Data",
      component,
      {},
      options.componentOptions,
    );
    const server = new sql.Server(
      `${component}-server`,
      { ...inGroup, serverName: "sql", administratorLogin: login, tags },
      { parent: data, dependsOn: [group], ...options.serverOptions },
    );
    const database = new sql.Database(
      options.databaseName ?? `${component}-database`,
      {
        ...inGroup,
        serverName: server.name,
        databaseName: "db",
        sku: options.sku ?? { name: "S0", tier: "Standard", capacity: 5 },
      },
      { ...(isMoved ? {} : { parent: data }), ...options.databaseOptions?.({ data }) },
    );
    new monitor.ActionGroup(
      "receivers",
      {
        resourceGroupName: "rg",
        location: "global",
        actionGroupName: "receivers",
        groupShortName: "ag",
        enabled: true,
        emailReceivers: mails.map((emailAddress, index) => ({ name: `mail-${index}`, emailAddress })),
      },
      options.receiverOptions,
    );
    const user = new managedidentity.UserAssignedIdentity("identity", { ...inGroup, resourceName: identity });
    // No fixed name, so that the replacement may exist beside it.
    const account = new automation.AutomationAccount(
      "account",
      { ...inGroup, location: options.region ?? location },
      options.accountOptions,
    );
    new automation.Variable("variable", {
      resourceGroupName: "rg",
      automationAccountName: "another",
      name: account.name,
      variableName: account.name,
      value: "1",
    });
    new Step("migration", "database-migration", {
      serverId: server.id,
      server: server.name,
      database: database.name,
      files: {},
      datasets: [],
      unknownDatasets: "ignore",
      users: [{ name: "user", clientId: user.clientId, role: "reader" }],
    });
  };
}
