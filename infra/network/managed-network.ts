import * as datafactory from "@pulumi/azure-native/datafactory";
import * as pulumi from "@pulumi/pulumi";
import { Step } from "../steps/step";

/** The integration runtime in the factory's managed network, through which pipelines then connect. */
export const RUNTIME_NAME = "qt-managed";
const NETWORK_NAME = "default";

export interface ManagedNetworkArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly factoryName: pulumi.Input<string>;
  readonly factory: datafactory.Factory;
  /** The resources that pipelines reach. */
  readonly targets: readonly {
    readonly groupId: "sqlServer" | "vault";
    readonly id: pulumi.Input<string>;
    /** What tells the endpoint from another one of the sub-resource. */
    readonly suffix: string;
  }[];
}

/** The factory's managed network, its runtime, and endpoints to what pipelines reach, each approved at its target. */
export class ManagedNetwork extends pulumi.ComponentResource {
  readonly runtime: datafactory.IntegrationRuntime;
  /** What a run waits for. */
  readonly approvals: readonly pulumi.Resource[];

  constructor(
    name: string,
    { resourceGroupName, factoryName, factory, targets }: ManagedNetworkArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("quantemplate:azure:ManagedNetwork", name, {}, options);
    // azure-native has no resource for it: nothing can delete it, and it goes with the factory.
    const made = new Step(
      name,
      "managed-network",
      { factoryId: factory.id, name: NETWORK_NAME },
      { parent: this, deletedWith: factory },
    );
    const place = { resourceGroupName, factoryName };
    this.runtime = new datafactory.IntegrationRuntime(
      `${name}-runtime`,
      {
        ...place,
        integrationRuntimeName: RUNTIME_NAME,
        properties: {
          type: "Managed",
          managedVirtualNetwork: { referenceName: NETWORK_NAME, type: "ManagedVirtualNetworkReference" },
          computeProperties: { location: "AutoResolve" },
        },
      },
      { parent: this, dependsOn: [made] },
    );
    this.approvals = targets.map(({ groupId, id: targetId, suffix }) => {
      const endpoint = new datafactory.ManagedPrivateEndpoint(
        `${name}-${groupId}${suffix}`,
        {
          ...place,
          managedVirtualNetworkName: NETWORK_NAME,
          managedPrivateEndpointName: `${groupId}${suffix}`,
          properties: { groupId, privateLinkResourceId: targetId },
        },
        { parent: this, dependsOn: [made] },
      );
      return new Step(
        `${name}-${groupId}${suffix}-approval`,
        "endpoint-approval",
        { factoryId: factory.id, endpoint: endpoint.name, targetId },
        { parent: this },
      );
    });
    this.registerOutputs({});
  }
}
