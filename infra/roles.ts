import * as authorization from "@pulumi/azure-native/authorization";
import * as pulumi from "@pulumi/pulumi";
import { builtInRoles } from "./built-in-roles";
import { pipelineStarterActions } from "./existing/kinds";
import { stableGuid } from "./naming";
import { Step } from "./steps/step";

export interface RolesArgs {
  readonly subscriptionId: pulumi.Input<string>;
  readonly resourceGroupId: pulumi.Input<string>;
  /** Display name of the custom role, unique in the directory. */
  readonly pipelineStarterName: pulumi.Input<string>;
  /** Who starts the pipeline: the Automation accounts, each with what its assignment's name ends with, or the service principal of their credential. */
  readonly starters: readonly { readonly suffix: string; readonly principalId: pulumi.Input<string> }[];
  /** What the factory may read, to see when the webhook expires. */
  readonly webhookScope: pulumi.Input<string>;
  /** Id of the role by which pipelines are started, if it is not made here. */
  readonly pipelineStarterId: pulumi.Input<string> | undefined;
  readonly factoryId: pulumi.Input<string>;
  readonly factoryPrincipalId: pulumi.Input<string>;
  readonly secretId: pulumi.Input<string>;
  readonly functionPrincipalId: pulumi.Input<string>;
  readonly storageAccountId: pulumi.Input<string>;
  readonly applicationInsightsId: pulumi.Input<string>;
}

/** Who may do what: five assignments, each at the narrowest scope that works. */
export class Roles extends pulumi.ComponentResource {
  /** What the function app needs before it starts. */
  readonly forFunction: readonly authorization.RoleAssignment[];

  constructor(name: string, args: RolesArgs, options?: pulumi.ComponentResourceOptions) {
    super("quantemplate:azure:Roles", name, {}, options);
    const builtIn = (id: string) =>
      pulumi.interpolate`/subscriptions/${args.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${id}`;
    const { id, known } =
      args.pipelineStarterId === undefined
        ? this.pipelineStarter(name, args)
        : { id: args.pipelineStarterId, known: undefined };
    for (const { suffix, principalId } of args.starters)
      this.assign(`automation-starts-pipelines${suffix}`, principalId, id, args.factoryId, known);
    this.assign(
      "factory-reads-secret",
      args.factoryPrincipalId,
      builtIn(builtInRoles.keyVaultSecretsUser),
      args.secretId,
    );
    // The nightly run reads when the webhook expires; Azure shows its address to nobody.
    this.assign(
      "factory-reads-webhook",
      args.factoryPrincipalId,
      builtIn(builtInRoles.reader),
      args.webhookScope,
    );
    this.forFunction = [
      // For the host's locks, keys and packages. The host serves HTTP only, so it needs neither queues nor tables.
      this.assign(
        "function-owns-blobs",
        args.functionPrincipalId,
        builtIn(builtInRoles.storageBlobDataOwner),
        args.storageAccountId,
      ),
      this.assign(
        "function-sends-telemetry",
        args.functionPrincipalId,
        builtIn(builtInRoles.monitoringMetricsPublisher),
        args.applicationInsightsId,
      ),
    ];
    this.registerOutputs({});
  }

  /**
   * Azure has no built-in role that only starts and follows runs. The smallest scope of a definition is a resource group.
   * @returns its id, and what an assignment of it waits for
   */
  private pipelineStarter(name: string, args: RolesArgs) {
    const { id } = new authorization.RoleDefinition(
      `${name}-pipeline-starter`,
      {
        scope: args.resourceGroupId,
        roleDefinitionId: pulumi
          .output(args.pipelineStarterName)
          .apply((display) => stableGuid("role", display)),
        roleName: args.pipelineStarterName,
        roleType: "CustomRole",
        description: "Starts, follows and cancels runs of a Data Factory's pipelines; changes nothing.",
        permissions: [{ actions: [...pipelineStarterActions], notActions: [] }],
        assignableScopes: [args.resourceGroupId],
      },
      { parent: this },
    );
    const known = new Step(
      `${name}-pipeline-starter-known`,
      "known-role",
      { roleDefinitionId: id, scope: args.resourceGroupId },
      { parent: this },
    );
    return { id, known };
  }

  /** The name derives from principal, role and scope: another principal means another assignment, as Azure requires. */
  private assign(
    name: string,
    principalId: pulumi.Input<string>,
    roleDefinitionId: pulumi.Input<string>,
    scope: pulumi.Input<string>,
    after?: pulumi.Resource,
  ): authorization.RoleAssignment {
    const roleAssignmentName = pulumi
      .all([principalId, roleDefinitionId, scope])
      .apply((parts) => stableGuid("assignment", ...parts.map((part) => part.toLowerCase())));
    return new authorization.RoleAssignment(
      name,
      // Given the type, Azure does not look up the principal, which would fail for one that was just created.
      { roleAssignmentName, principalId, principalType: "ServicePrincipal", roleDefinitionId, scope },
      { parent: this, dependsOn: after === undefined ? [] : [after] },
    );
  }
}
