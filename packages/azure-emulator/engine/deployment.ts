import { EmulatorError } from "../errors/emulator-error";
import { describeError } from "./describe-error";
import type { ResourceOperation } from "./engine";
import { replacePaths } from "./input-diff";
import type { LocalState, ResourceState } from "./local-state";
import { protectionError, refuseProtected } from "./protection";
import { deletedWith, diffResource, withIgnored } from "./resource-comparison";
import { addressOf, type DiffResult, type ResourceProvider } from "./resource-provider";
import type { RunRecorder } from "./run-recorder";
import { isSecret, keepSecrets, revealProperties, secret, type WireProperties } from "./wire-values";

/** A resource as the program declares it. */
export interface Declaration {
  readonly urn: string;
  /** URNs that it may have had before, most likely first. */
  readonly aliases: readonly string[];
  /** Secrets are marked; a preview may also contain unknowns. */
  readonly inputs: WireProperties;
  /** For each input, the URNs of the resources that its value comes from. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** Property paths. */
  readonly ignoreChanges: readonly string[];
  /** Property paths. */
  readonly replaceOnChanges: readonly string[];
  readonly secretOutputs: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** URN of the resource whose deletion deletes this one too; empty: none. */
  readonly deletedWith?: string | undefined;
  /** Undefined: the provider decides. */
  readonly deleteBeforeReplace?: boolean | undefined;
}

/** What a run is about to do to one resource. */
export interface PlannedStep {
  readonly operation: ResourceOperation;
  readonly urn: string;
  /** The state before; undefined for `create`. */
  readonly old?: ResourceState | undefined;
  /** What the program declares, with defaults filled in and secrets marked; undefined for `delete`. */
  readonly now?: Pick<ResourceState, "inputs" | "protect" | "retainOnDelete"> | undefined;
  readonly differences: DiffResult["differences"];
}

export interface DeploymentOptions {
  readonly state: LocalState;
  readonly recorder: RunRecorder;
  readonly preview: boolean;
  /** Called before each step, also for a step that is then refused. */
  onStep?(step: PlannedStep): void;
  /** @throws EmulatorError if no provider serves the type's package. */
  provider(type: string): ResourceProvider;
}

interface Step {
  readonly operation: ResourceOperation;
  readonly inputs: WireProperties;
}

/** A resource after its step: its id (empty if not known yet) and its outputs, secrets marked. */
export interface RegisteredResource {
  readonly id: string;
  readonly outputs: WireProperties;
}

/**
 * One run of the in-process engine: compares the program's declarations with the state, performs the steps, and saves the
 * state after each. It implements as much of Pulumi's engine as the supported programs need.
 */
export class Deployment {
  #old: Map<string, ResourceState>;
  /** In the order of registration; deleting in reverse order is safe. */
  readonly #done = new Map<string, ResourceState>();
  /** Still in the cloud although their replacements exist. */
  readonly #replaced: ResourceState[];
  /** Deleted because another resource was replaced, and not yet registered again. */
  readonly #deletedEarly = new Map<string, ResourceState>();
  /** Earlier URNs of resources that now have another one. */
  readonly #renamed = new Set<string>();
  /** What was begun and has not ended, as the state holds it in case of a kill. */
  readonly #begun = new Map<string, ResourceState>();
  /** In a preview: an error for each protected resource that would be deleted or replaced. */
  readonly #refused = new Map<string, EmulatorError>();

  constructor(private readonly options: DeploymentOptions) {
    const known = options.state.resources();
    this.#old = new Map(known.filter((one) => !one.replaced).map((one) => [one.urn, one]));
    this.#replaced = known.filter((one) => one.replaced);
  }

  /** Brings one resource to its declared state. */
  async register(declaration: Declaration): Promise<RegisteredResource> {
    const { recorder } = this.options;
    try {
      return await this.#register(declaration);
    } catch (error) {
      recorder.message("error", describeError(error), declaration.urn);
      throw error;
    }
  }

  /**
   * Deletes the resources that the program no longer declares, and those that were replaced.
   * @throws EmulatorError QT7011 if one of them is protected; a preview throws at its end.
   */
  async finish(): Promise<void> {
    const gone = [...this.#old.values()].filter((resource) => !this.#done.has(resource.urn));
    this.#refuse(gone);
    const going = new Set(gone.map(({ urn }) => urn));
    for (const resource of this.#replaced.splice(0).reverse()) await this.#remove(resource);
    for (const resource of gone.reverse()) {
      this.options.onStep?.({ operation: "delete", urn: resource.urn, old: resource, differences: {} });
      this.options.recorder.start(resource.urn, "delete");
      this.#begin(resource);
      await this.#remove(resource, going);
      this.#begun.delete(resource.urn);
      this.#old.delete(resource.urn);
      this.#save();
      this.options.recorder.succeed(resource.urn, "delete");
    }
    for (const old of this.#deletedEarly.values()) {
      this.options.onStep?.({ operation: "delete", urn: old.urn, old, differences: {} });
      this.options.recorder.succeed(old.urn, "delete");
    }
    this.#save();
    for (const error of this.#refused.values()) throw error;
  }

  async #register(declaration: Declaration): Promise<RegisteredResource> {
    const { urn } = declaration;
    const { recorder } = this.options;
    if (this.#done.has(urn) || this.#renamed.has(urn)) throw new EmulatorError("QT7009", { urn });
    const provider = this.options.provider(addressOf(urn).type);
    const old = this.#findOld(declaration);
    const step = await this.#plan(provider, declaration, old);
    recorder.start(urn, step.operation);
    try {
      const made = await this.#perform(provider, declaration, old, step);
      recorder.succeed(urn, step.operation);
      return made;
    } catch (error) {
      this.#begun.delete(urn);
      this.#save();
      recorder.fail(urn, step.operation);
      throw error;
    }
  }

  /** The resource's old state, found by its URN or an alias; an alias is renamed to the URN in the whole state. */
  #findOld({ urn, aliases }: Declaration): ResourceState | undefined {
    const found = [urn, ...aliases].find((name) => this.#old.has(name));
    if (found === undefined || found === urn) return this.#old.get(urn);
    if (this.#done.has(found)) throw new EmulatorError("QT7009", { urn: found });
    this.#renamed.add(found);
    this.#old = new Map(
      [...this.#old.values()].map((one) => renamed(one, found, urn)).map((one) => [one.urn, one]),
    );
    return this.#old.get(urn);
  }

  /** The inputs with the provider's defaults filled in. */
  async #check(
    provider: ResourceProvider,
    declaration: Declaration,
    old: ResourceState | undefined,
  ): Promise<WireProperties> {
    const given = old
      ? withIgnored(declaration.inputs, old.inputs, declaration.ignoreChanges)
      : declaration.inputs;
    const olds = old && revealProperties(old.inputs);
    const { inputs, failures } = await provider.check(
      addressOf(declaration.urn),
      olds,
      revealProperties(given),
    );
    if (failures.length > 0) {
      const reason = failures.map(({ property, reason }) => `${property}: ${reason}`).join("; ");
      throw new EmulatorError("QT7010", { name: addressOf(declaration.urn).name, reason });
    }
    return keepSecrets(inputs, given);
  }

  async #plan(
    provider: ResourceProvider,
    declaration: Declaration,
    old: ResourceState | undefined,
  ): Promise<Step> {
    const { urn } = declaration;
    const inputs = await this.#check(provider, declaration, old);
    if (!old) {
      const deleted = [urn, ...declaration.aliases]
        .map((name) => this.#deletedEarly.get(name))
        .find((one) => one);
      if (deleted !== undefined) this.#deletedEarly.delete(deleted.urn);
      const operation = deleted === undefined ? "create" : "replace";
      this.options.onStep?.({
        urn,
        now: { ...declaration, inputs },
        operation,
        old: deleted,
        differences: {},
      });
      return { operation, inputs };
    }
    const diff = await diffResource(provider, old, inputs, declaration.replaceOnChanges);
    const changed = operationOf(diff);
    const operation = changed === "same" && old.interrupted ? "update" : changed;
    // A replacement gets fresh defaults, such as a new generated name, and ignores nothing.
    const fresh = operation === "replace" ? await this.#check(provider, declaration, undefined) : inputs;
    this.options.onStep?.({
      urn,
      now: { ...declaration, inputs: fresh },
      operation,
      old,
      differences: diff.differences,
    });
    if (operation === "replace") await this.#prepareReplacement(old, declaration, diff);
    return { operation, inputs: fresh };
  }

  /** Deletes the old resource and its dependents now, or keeps it until the end of the run. */
  async #prepareReplacement(old: ResourceState, declaration: Declaration, diff: DiffResult): Promise<void> {
    // One run may both unprotect and replace a resource, so only the new declaration counts.
    if (declaration.protect) this.#refuse([old]);
    if (!(declaration.deleteBeforeReplace ?? diff.deleteBeforeReplace)) {
      this.#replaced.push({ ...old, replaced: true });
      return;
    }
    const others = [...this.#old.values()].filter(({ urn }) => urn !== old.urn && !this.#done.has(urn));
    const dependents = await deletedWith(old, others, this.options.provider);
    this.#refuse(dependents);
    const going = new Set([old, ...dependents].map(({ urn }) => urn));
    for (const resource of [...dependents.reverse(), old]) {
      await this.#remove(resource, going);
      this.#old.delete(resource.urn);
      if (resource !== old) this.#deletedEarly.set(resource.urn, resource);
      this.#save();
    }
  }

  async #perform(
    provider: ResourceProvider,
    declaration: Declaration,
    old: ResourceState | undefined,
    { operation, inputs }: Step,
  ): Promise<RegisteredResource> {
    const address = addressOf(declaration.urn);
    const { preview } = this.options;
    const plain = revealProperties(inputs);
    if (operation === "same" && old) return this.#record(declaration, old.id, inputs, old.outputs);
    if (operation === "update" && old) {
      this.#begin(old);
      const outputs = await provider.update(address, old.id, revealProperties(old.outputs), plain, preview);
      return this.#record(declaration, old.id, inputs, outputs);
    }
    if (provider.find !== undefined) this.#begin({ urn: declaration.urn, id: "", inputs, outputs: {} });
    const { id, outputs } = await provider.create(address, plain, preview);
    return this.#record(declaration, id, inputs, outputs);
  }

  #record(
    declaration: Declaration,
    id: string,
    inputs: WireProperties,
    outputs: WireProperties,
  ): RegisteredResource {
    const {
      urn,
      secretOutputs,
      aliases: _names,
      deleteBeforeReplace: _order,
      deletedWith,
      ...options
    } = declaration;
    const marked = markSecret(keepSecrets(outputs, inputs), secretOutputs);
    this.#begun.delete(urn);
    this.#done.set(urn, {
      ...options,
      ...(deletedWith && { deletedWith }),
      urn,
      id,
      inputs,
      outputs: marked,
    });
    this.#save();
    return { id, outputs: marked };
  }

  /** @param going URNs of the resources that are deleted in the same sweep */
  async #remove(resource: ResourceState, going: ReadonlySet<string> = new Set()): Promise<void> {
    const address = addressOf(resource.urn);
    if (this.options.preview || resource.retainOnDelete) return;
    if (resource.deletedWith !== undefined && going.has(resource.deletedWith)) return;
    const provider = this.options.provider(address.type);
    await provider.delete(address, resource.id, revealProperties(resource.outputs));
  }

  /** A preview records the error, continues so that it shows every change, and fails at its end. */
  #refuse(resources: readonly ResourceState[]): void {
    if (!this.options.preview) refuseProtected(resources);
    for (const resource of resources.filter(({ protect }) => protect)) {
      if (this.#refused.has(resource.urn)) continue;
      const error = protectionError([resource]);
      this.options.recorder.message("error", describeError(error));
      this.#refused.set(resource.urn, error);
    }
  }

  #begin(resource: ResourceState): void {
    if (this.options.preview) return;
    this.#begun.set(resource.urn, { ...resource, interrupted: true });
    this.#save();
  }

  #save(): void {
    if (this.options.preview) return;
    const begun = [...this.#begun.values()];
    const isBegun = ({ urn, id }: ResourceState) => this.#done.has(urn) || this.#begun.get(urn)?.id === id;
    const pending = [...this.#old.values()].filter((resource) => !isBegun(resource));
    // Pending resources may depend on finished ones, so they come later: deletion goes from the end.
    this.options.state.save([...this.#done.values(), ...pending, ...begun, ...this.#replaced]);
  }
}

function operationOf(diff: DiffResult): "same" | "update" | "replace" {
  if (Object.keys(diff.differences).length === 0) return "same";
  return replacePaths(diff).length === 0 ? "update" : "replace";
}

/** Replaces a URN everywhere in a resource's state. */
function renamed(resource: ResourceState, from: string, to: string): ResourceState {
  const rename = (urn: string) => (urn === from ? to : urn);
  const dependencies = Object.entries(resource.propertyDependencies ?? {});
  return {
    ...resource,
    urn: rename(resource.urn),
    ...(resource.deletedWith !== undefined && { deletedWith: rename(resource.deletedWith) }),
    propertyDependencies: Object.fromEntries(dependencies.map(([key, urns]) => [key, urns.map(rename)])),
  };
}

function markSecret(outputs: WireProperties, names: readonly string[]): WireProperties {
  const marked = names
    .filter((name) => Object.hasOwn(outputs, name))
    .map((name) => [name, toSecret(outputs[name])]);
  return { ...outputs, ...Object.fromEntries(marked) };
}

function toSecret(value: unknown): unknown {
  return isSecret(value) ? value : secret(value);
}
