import * as pulumi from "@pulumi/pulumi";
import { Step } from "../steps/step";
import { type ExistingKind, type Facts, kinds, type Wanted } from "./kinds";
import type { ExistingSettings } from "./schema";

/** A resource that is not the stack's, as the program's components see it. They wait for its check. */
export interface ExistingResource {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly resourceGroupName: pulumi.Output<string>;
  fact(name: string): pulumi.Output<string>;
}

export interface ExistingArgs extends Wanted {
  readonly settings: ExistingSettings;
  readonly stack: string;
  readonly location: string;
  readonly subscriptionId: string;
}

/** The resources that the tenant uses instead of making them. */
export class Existing {
  /** One check for each; whatever is made waits for them. */
  readonly checks: readonly Step<"existing-resource">[];
  private readonly resources: ReadonlyMap<ExistingKind, ExistingResource>;

  /** @param first What is waited for, too. */
  constructor(first: pulumi.Resource, { settings, ...args }: ExistingArgs) {
    const given = (Object.keys(kinds) as ExistingKind[]).flatMap((kind) => {
      const id = idOf(kind, settings, args.subscriptionId);
      return id === undefined
        ? []
        : [[kind, new Step(`existing-${kind}`, "existing-resource", { ...args, kind, id })] as const];
    });
    this.checks = given.map(([, check]) => check);
    const done = pulumi.all([first, ...this.checks].map(({ urn }) => urn));
    this.resources = new Map(given.map(([kind, check]) => [kind, resourceOf(check, done)]));
  }

  of(kind: ExistingKind): ExistingResource | undefined {
    return this.resources.get(kind);
  }
}

function idOf(kind: ExistingKind, settings: ExistingSettings, subscriptionId: string): string | undefined {
  const value: string | undefined = settings[kind];
  return kind === "resourceGroup" && value !== undefined
    ? `/subscriptions/${subscriptionId}/resourceGroups/${value}`
    : value;
}

function resourceOf(check: Step<"existing-resource">, done: pulumi.Output<unknown>): ExistingResource {
  // Nothing is made in one of them if another is refused.
  const inputs = pulumi.all([check.inputs, done]).apply(([inputs]) => inputs);
  return {
    id: inputs.apply(({ id }) => id),
    name: inputs.apply(({ id }) => id.slice(id.lastIndexOf("/") + 1)),
    resourceGroupName: inputs.apply(({ id }) => /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? ""),
    fact: (name) => inputs.apply(({ facts = {} }) => (facts as Facts)[name] ?? ""),
  };
}
