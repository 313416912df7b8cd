import * as pulumi from "@pulumi/pulumi";
import { reasonOf } from "../packages/kit/reason-of";
import { explainRefusals } from "./roles/missing-right";

/** A resource's name and group. */
export interface ResourcePlace {
  readonly resourceGroupName: string;
  readonly name: string;
}

/**
 * An output that Azure fills in once and never changes with the resource's settings: an identity's ids, an address. The preview of any
 * change of the resource, even of a tag, forgets it (docs/sources.md, "Pulumi"), and all that depends on it would show as changed: role
 * assignments as replaced, the migration as run again. So a preview reads it from Azure. A deployment takes the output itself.
 * @param read Reads the value; if it fails, the output stays unknown, and a right that is missing for it is reported.
 */
export function steady<T>(
  output: pulumi.Output<T>,
  resource: pulumi.CustomResource,
  read: (place: ResourcePlace) => Promise<T>,
): pulumi.Output<T> {
  if (!pulumi.runtime.isDryRun()) return output;
  const chosen = Promise.all([isKnown(output), isKnown(resource.id)]).then(([known, exists]) =>
    // A resource without an id is new, or will be replaced: Azure has no value to read, or a wrong one.
    known || !exists ? output : readFromAzure(output, resource, read),
  );
  return pulumi.output(chosen) as pulumi.Output<T>;
}

function readFromAzure<T>(
  output: pulumi.Output<T>,
  { id }: pulumi.CustomResource,
  read: (place: ResourcePlace) => Promise<T>,
): pulumi.Output<T> {
  const unread = async (error: unknown) => {
    const [why] = explainRefusals(reasonOf(error));
    if (why !== undefined) await pulumi.log.warn(`${SHOWS_MORE}\n${why}`);
    return output;
  };
  return id.apply((known) => read(placeOf(known)).catch(unread)) as pulumi.Output<T>;
}

const SHOWS_MORE = "More shows as changed than would be: the preview cannot read what Azure filled in.";

function placeOf(id: string): ResourcePlace {
  const [, resourceGroupName = "", name = ""] = /\/resourceGroups\/([^/]+)\/.*\/([^/]+)$/i.exec(id) ?? [];
  return { resourceGroupName, name };
}

/**
 * The name of a resource, which waits for the resource. The preview of a new resource forgets its output `name` (docs/sources.md, "Pulumi"),
 * so a preview takes the name that the program gave: otherwise whatever stands beside the new resource, and knows it by its name only, would
 * show as changed.
 * @param given The resource's argument.
 */
export function nameOf(
  resource: pulumi.CustomResource & { readonly name: pulumi.Output<string> },
  given: pulumi.Input<string>,
): pulumi.Output<string> {
  if (!pulumi.runtime.isDryRun()) return resource.name;
  return pulumi.all([given, resource.urn]).apply(([name]) => name);
}

/** Every output has the promise; the SDK's types leave it out. */
function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  return (output as unknown as { readonly isKnown: Promise<boolean> }).isKnown;
}
