import * as pulumi from "@pulumi/pulumi";
import type { ResourceAddress } from "../../packages/azure-emulator/engine/resource-provider";
import { type MutableDeployment, nameOf } from "./deployment";
import { type Deployed, type Mutation, mutated } from "./mutation";

/** How the deployment took a mutation. */
export type Applied =
  /** @param restore takes it back; `all` if only a whole deployment can */
  | { readonly kind: "done"; readonly restore: (() => Promise<void>) | "all" }
  | { readonly kind: "refused"; readonly reason: string; readonly restore: (() => Promise<void>) | "all" }
  /** It asks for what is there already. */
  | { readonly kind: "nothing" };

const nothingToDo = async () => {};
const addressOf = ({ urn, type, name }: Deployed): ResourceAddress => ({ urn, type, name });

/** Makes the change that the engine would make for the mutated program, one resource at a time where that is the same. */
export async function apply(mutation: Mutation, deployment: MutableDeployment): Promise<Applied> {
  const resource = deployment.resources().find(({ urn }) => urn === mutation.urn);
  if (resource === undefined) return { kind: "nothing" };
  if (mutation.kind === "missing dependsOn") return withoutWaiting(mutation, deployment);
  // The program stops a trigger before it changes it (infra/triggers.ts).
  if (resource.type.endsWith(":Trigger")) await deployment.post(`${resource.id}/stop`);
  if (mutation.kind === "removed resource") return removal(resource, deployment);
  return change(resource, mutation, deployment);
}

async function removal(resource: Deployed, deployment: MutableDeployment): Promise<Applied> {
  const { provider } = deployment;
  const isParent = hasDependents(resource, deployment);
  try {
    await provider.delete(addressOf(resource), resource.id, resource.outputs);
  } catch (error) {
    // What cannot be deleted could not have been left out either: the next deployment would say so.
    return { kind: "refused", reason: messageOf(error), restore: nothingToDo };
  }
  const again = async () => void (await provider.create(addressOf(resource), resource.inputs, false));
  return { kind: "done", restore: isParent ? "all" : again };
}

async function change(
  resource: Deployed,
  mutation: Mutation,
  deployment: MutableDeployment,
): Promise<Applied> {
  const { provider } = deployment;
  const address = addressOf(resource);
  try {
    const { inputs, failures } = await provider.check(
      address,
      resource.inputs,
      mutated(resource.inputs, mutation),
    );
    const [failure] = failures;
    if (failure !== undefined) return { kind: "refused", reason: failure.reason, restore: nothingToDo };
    const { differences } = await provider.diff(
      address,
      resource.id,
      resource.inputs,
      resource.outputs,
      inputs,
    );
    const kinds = Object.values(differences);
    if (kinds.length === 0) return { kind: "nothing" };
    if (kinds.some((kind) => kind.endsWith("Replace")))
      return await replacement(resource, inputs, deployment);
  } catch (error) {
    return { kind: "refused", reason: messageOf(error), restore: nothingToDo };
  }
  const put = async (inputs: Deployed["inputs"]) =>
    void (await provider.update(address, resource.id, resource.outputs, inputs, false));
  const restore = () => put(resource.inputs);
  try {
    await put(mutated(resource.inputs, mutation));
    return { kind: "done", restore };
  } catch (error) {
    return { kind: "refused", reason: messageOf(error), restore };
  }
}

/** With another id the new one can be refused before the old one goes; with the same id the old one goes first, as azure-native does it. */
async function replacement(
  resource: Deployed,
  inputs: Deployed["inputs"],
  deployment: MutableDeployment,
): Promise<Applied> {
  const { provider } = deployment;
  const address = addressOf(resource);
  const isParent = hasDependents(resource, deployment);
  const before = deployment.ids();
  const remove = (id: string) => provider.delete(address, id, resource.outputs);
  const again = async () => void (await provider.create(address, resource.inputs, false));
  const isBeside = (await provider.find?.(address, inputs))?.toLowerCase() !== resource.id.toLowerCase();
  try {
    if (!isBeside) await remove(resource.id);
  } catch (error) {
    return { kind: "refused", reason: messageOf(error), restore: nothingToDo };
  }
  try {
    const made = await provider.create(address, inputs, false);
    if (isBeside) {
      try {
        await remove(resource.id);
      } catch (error) {
        return { kind: "refused", reason: messageOf(error), restore: () => remove(made.id) };
      }
    }
    const restore = async () => {
      await remove(made.id);
      await again();
    };
    return { kind: "done", restore: isParent ? "all" : restore };
  } catch (error) {
    const isWhole = deployment.ids() === before;
    return {
      kind: "refused",
      reason: messageOf(error),
      restore: isWhole ? nothingToDo : isParent ? "all" : again,
    };
  }
}

/** Deploys a second stack in which what the resource waits for comes late. */
async function withoutWaiting(
  mutation: Mutation & { readonly kind: "missing dependsOn" },
  deployment: MutableDeployment,
): Promise<Applied> {
  const { engine, request } = deployment;
  const late = new Promise((resolve) => setTimeout(resolve, 4_000));
  const program = async () => {
    pulumi.runtime.registerStackTransformation(({ name, props, opts }) => {
      if (name === mutation.name) return { props, opts: { ...opts, dependsOn: [] } };
      const isLate = mutation.on.includes(name) || (opts.parent && mutation.on.includes(nameOf(opts.parent)));
      const [key] = Object.keys(props);
      if (!isLate || key === undefined) return { props, opts };
      const value: unknown = props[key];
      return { props: { ...props, [key]: pulumi.output(late.then(() => value)) }, opts };
    });
    return request.program();
  };
  const stack = { ...request, name: `without${mutation.number}`, program };
  let reason: string | undefined;
  try {
    await engine.up(stack);
  } catch (error) {
    reason = messageOf(error);
  }
  const restore = async () => void (await engine.destroy(stack));
  return reason === undefined ? { kind: "done", restore } : { kind: "refused", reason, restore };
}

/** True if another resource lies under it, or names it. */
function hasDependents({ id, urn, name }: Deployed, deployment: MutableDeployment): boolean {
  const own = id.toLowerCase();
  const called = own.split("/").at(-1) ?? name;
  return deployment
    .resources()
    .some(
      (other) =>
        other.urn !== urn &&
        (other.id.toLowerCase().startsWith(`${own}/`) ||
          JSON.stringify(other.inputs).toLowerCase().includes(`"${called}"`)),
    );
}

export const messageOf = (error: unknown): string =>
  error instanceof Error
    ? `${(error as { code?: string }).code ?? ""} ${error.message}`.trim()
    : String(error);
