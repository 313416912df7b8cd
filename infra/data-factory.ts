import * as datafactory from "@pulumi/azure-native/datafactory";
import * as pulumi from "@pulumi/pulumi";
import { type GlobalParameterValues, globalParameters } from "./global-parameters";
import { connectedVia } from "./network/connect-via";
import { ManagedNetwork, type ManagedNetworkArgs, RUNTIME_NAME } from "./network/managed-network";
import type { Placement } from "./placement";
import { nameOf, steady } from "./steady";
import { keyOf, type StudioDefinitions, type StudioObject } from "./studio-files";

export interface DataFactoryArgs extends Placement {
  readonly factoryName: pulumi.Input<string>;
  readonly definitions: StudioDefinitions;
  readonly globalParameters: GlobalParameterValues;
  /** True if it has no public way. */
  readonly isPrivate: boolean;
  /** What pipelines reach through a managed network; undefined: over public addresses. */
  readonly privateTargets: ManagedNetworkArgs["targets"] | undefined;
  /** The repository that Studio shows; undefined if Studio shows what is deployed. */
  readonly repository: datafactory.FactoryArgs["repoConfiguration"];
}

/** The factory with Studio's objects except the triggers, which start only when everything else is deployed. */
export class DataFactory extends pulumi.ComponentResource {
  readonly factory: datafactory.Factory;
  readonly factoryName: pulumi.Output<string>;
  readonly principalId: pulumi.Output<string>;
  /** By `kind/name`. */
  readonly objects: ReadonlyMap<string, pulumi.Resource>;
  /** What a run waits for, too. */
  readonly approvals: readonly pulumi.Resource[];

  constructor(name: string, args: DataFactoryArgs, options?: pulumi.ComponentResourceOptions) {
    super("quantemplate:azure:DataFactory", name, {}, options);
    const { resourceGroupName, location, tags, factoryName, definitions } = args;
    this.factory = new datafactory.Factory(
      name,
      {
        resourceGroupName,
        location,
        tags,
        factoryName,
        identity: { type: "SystemAssigned" },
        publicNetworkAccess: args.isPrivate ? "Disabled" : "Enabled",
        globalParameters: globalParameters(
          definitions.factory.json,
          args.globalParameters,
          definitions.factory.file,
        ),
        ...(args.repository === undefined ? {} : { repoConfiguration: args.repository }),
      },
      // Studio notes there which commit it showed last.
      { parent: this, ignoreChanges: ["repoConfiguration.lastCommitId"] },
    );
    this.factoryName = nameOf(this.factory, factoryName);
    this.principalId = steady(
      this.factory.identity.apply((identity) => identity?.principalId ?? ""),
      this.factory,
      async ({ resourceGroupName, name: factoryName }) =>
        (await datafactory.getFactory({ resourceGroupName, factoryName })).identity?.principalId ?? "",
    );
    const managed =
      args.privateTargets &&
      new ManagedNetwork(
        `${name}-network`,
        {
          resourceGroupName,
          factoryName: this.factoryName,
          factory: this.factory,
          targets: args.privateTargets,
        },
        { parent: this },
      );
    this.approvals = managed?.approvals ?? [];
    const objects = new Map<string, pulumi.Resource>();
    for (const found of definitions.objects.filter(({ kind }) => kind !== "trigger")) {
      const object = managed ? connectedVia(found, RUNTIME_NAME) : found;
      objects.set(keyOf(object), this.deploy(object, managed?.runtime, args.resourceGroupName, objects));
    }
    this.objects = objects;
    this.registerOutputs({ factoryName: this.factoryName });
  }

  /**
   * Pulumi sees no dependencies inside JSON, so every reference becomes one here. The casts are safe: the translator has checked
   * each key against the SDK types that are named here (studio-shapes/).
   */
  private deploy(
    { kind, name, properties, references }: StudioObject,
    runtime: pulumi.Resource | undefined,
    resourceGroupName: pulumi.Input<string>,
    objects: ReadonlyMap<string, pulumi.Resource>,
  ): pulumi.Resource {
    const dependsOn = [
      ...(runtime ? [runtime] : []),
      ...references.flatMap((reference) => objects.get(keyOf(reference)) ?? []),
    ];
    const options = { parent: this, dependsOn };
    const place = { resourceGroupName, factoryName: this.factoryName };
    if (kind === "linkedService") {
      const typed = properties as unknown as datafactory.LinkedServiceArgs["properties"];
      return new datafactory.LinkedService(
        name,
        { ...place, linkedServiceName: name, properties: typed },
        options,
      );
    }
    if (kind === "dataset") {
      const typed = properties as unknown as datafactory.DatasetArgs["properties"];
      return new datafactory.Dataset(name, { ...place, datasetName: name, properties: typed }, options);
    }
    return new datafactory.Pipeline(
      name,
      { ...(properties as object), ...place, pipelineName: name },
      options,
    );
  }
}
