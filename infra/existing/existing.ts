import * as pulumi from "@pulumi/pulumi";
import { Step } from "../steps/step";
import { type Facts, groupNameOf, type Wanted } from "./kind";
import { type ExistingKind, kinds } from "./kinds";
import { networkKinds } from "./network-kinds";
import { type ExistingSettings, serverOf } from "./schema";

/** A resource that is not the stack's, as the program's components see it. They wait for its check. */
export interface ExistingResource {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly resourceGroupName: pulumi.Output<string>;
  fact(name: string): pulumi.Output<string>;
}

/** Kinds from which a tenant may move. */
export type FormerKind = "automationAccount" | "sqlServer";

export interface ExistingArgs extends Omit<Wanted, "subnets"> {
  readonly settings: ExistingSettings;
  /** Ids of the resources that it moves from. */
  readonly former: Readonly<Partial<Record<FormerKind, string | undefined>>>;
}

/** The resources that the tenant uses instead of making them. */
export class Existing {
  /** One check for each; whatever is made waits for them. */
  readonly checks: readonly Step<"existing-resource">[];
  private readonly resources: ReadonlyMap<string, ExistingResource>;

  /** @param first What is waited for, too. */
  constructor(first: pulumi.Resource, { settings, former, addressSpace, ...args }: ExistingArgs) {
    const ids = idsOf(settings, args.subscriptionId);
    const subnets = [ids.functionSubnet, ids.endpointsSubnet].filter((id) => id !== undefined);
    const checkOf = (name: string, kind: ExistingKind, id: string | undefined) => {
      if (id === undefined) return [];
      const around = Object.hasOwn(networkKinds, kind) ? { subnets } : {};
      const step = `existing-${name.replace(".", "-")}`;
      return [[name, new Step(step, "existing-resource", { ...args, ...around, kind, id })] as const];
    };
    const given = (Object.keys(kinds) as ExistingKind[]).flatMap((kind) => checkOf(kind, kind, ids[kind]));
    const left = (Object.keys(former) as FormerKind[]).flatMap((kind) =>
      checkOf(`former-${kind}`, kind, former[kind]),
    );
    const peers = (settings.peeredNetworks ?? []).map((id, index) => {
      const inputs = { ...args, kind: "peeredNetworks" as const, id, ...(addressSpace && { addressSpace }) };
      return new Step(`existing-peer-${index + 1}`, "existing-resource", inputs);
    });
    const all = [...given, ...left];
    this.checks = [...all.map(([, check]) => check), ...peers];
    const done = pulumi.all([first, ...this.checks].map(({ urn }) => urn));
    this.resources = new Map(all.map(([name, check]) => [name, resourceOf(check, done)]));
  }

  of(kind: ExistingKind): ExistingResource | undefined {
    return this.resources.get(kind);
  }

  /** The resource that the tenant moves from; undefined if that is its own, or if nothing moves. */
  former(kind: FormerKind): ExistingResource | undefined {
    return this.resources.get(`former-${kind}`);
  }
}

function idsOf(
  settings: ExistingSettings,
  subscriptionId: string,
): Readonly<Partial<Record<ExistingKind, string | undefined>>> {
  const { resourceGroup, privateDnsZones: zones, peeredNetworks: _, ...others } = settings;
  return {
    ...others,
    resourceGroup: resourceGroup && `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`,
    sqlServer: serverOf(settings),
    "privateDnsZones.sql": zones?.sql,
    "privateDnsZones.vault": zones?.vault,
    "privateDnsZones.blob": zones?.blob,
  };
}

function resourceOf(check: Step<"existing-resource">, done: pulumi.Output<unknown>): ExistingResource {
  // Nothing is made in one of them if another is refused.
  const inputs = pulumi.all([check.inputs, done]).apply(([inputs]) => inputs);
  return {
    id: inputs.apply(({ id }) => id),
    name: inputs.apply(({ id }) => id.slice(id.lastIndexOf("/") + 1)),
    resourceGroupName: inputs.apply(({ id }) => groupNameOf(id)),
    fact: (name) => inputs.apply(({ facts = {} }) => (facts as Facts)[name] ?? ""),
  };
}
