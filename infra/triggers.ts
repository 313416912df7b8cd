import * as datafactory from "@pulumi/azure-native/datafactory";
import azureNative from "@pulumi/azure-native/package.json";
import * as pulumi from "@pulumi/pulumi";
import type { DataFactory } from "./data-factory";
import { atTenantTime, RECONCILE_TRIGGER, type Reconcile } from "./reconcile";
import { Step } from "./steps/step";
import { definitionHash } from "./steps/trigger-definition";
import { keyOf, type StudioDefinitions, type StudioObject } from "./studio-files";
import { unhoist } from "./studio-json";

export interface TriggersArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly dataFactory: DataFactory;
  readonly definitions: StudioDefinitions;
  /** When the daily reconciliation begins. */
  readonly reconcile: Reconcile;
  /** Where Resource Manager shows the webhook. */
  readonly webhookAddress: pulumi.Input<string>;
  /** Resources that a scheduled run needs. */
  readonly after: readonly pulumi.Resource[];
}

/** The factory's triggers, each between two steps: one stops it before a change, the other starts it afterwards. */
export class Triggers extends pulumi.ComponentResource {
  constructor(
    name: string,
    private readonly args: TriggersArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("quantemplate:azure:Triggers", name, {}, options);
    for (const trigger of args.definitions.objects.filter(({ kind }) => kind === "trigger"))
      this.deploy(trigger);
    this.registerOutputs({});
  }

  private deploy({ name, properties, references }: StudioObject): void {
    const { resourceGroupName, dataFactory, after, reconcile, webhookAddress } = this.args;
    const { factory, objects } = dataFactory;
    // Only the reconciliation's trigger has what is the tenant's.
    const given = pulumi
      .output(webhookAddress)
      .apply((address) =>
        name === RECONCILE_TRIGGER
          ? atTenantTime(properties, reconcile, pulumi.getStack(), address)
          : properties,
      );
    const definition = given.apply((known) => definitionHash(unhoist("trigger", known)));
    const state = { factoryId: factory.id, trigger: name, definition, provider: azureNative.version };
    const stopped = new Step(`${name}-stopped`, "trigger-stopped", state, { parent: this });
    const trigger = new datafactory.Trigger(
      name,
      {
        resourceGroupName,
        factoryName: dataFactory.factoryName,
        triggerName: name,
        properties: given as unknown as datafactory.TriggerArgs["properties"],
      },
      { parent: this, dependsOn: [stopped, ...references.flatMap((to) => objects.get(keyOf(to)) ?? [])] },
    );
    new Step(`${name}-started`, "trigger-started", state, { parent: this, dependsOn: [trigger, ...after] });
  }
}
