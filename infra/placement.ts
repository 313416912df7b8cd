import type * as pulumi from "@pulumi/pulumi";

/** Where a component's resources go; every component takes it. */
export interface Placement {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
}
