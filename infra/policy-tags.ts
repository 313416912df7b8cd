import * as pulumi from "@pulumi/pulumi";

/**
 * Leaves these tags of every resource as they are: they are a policy's. A refresh shows no change of them, and an update sends what the
 * state has of them.
 */
export function leavePolicyTags(names: readonly string[]): void {
  if (names.length === 0) return;
  const ignoreChanges = names.map((name) => `tags[${JSON.stringify(name)}]`);
  pulumi.runtime.registerStackTransformation(({ props, opts }) =>
    props.tags === undefined ? undefined : { props, opts: pulumi.mergeOptions(opts, { ignoreChanges }) },
  );
}
