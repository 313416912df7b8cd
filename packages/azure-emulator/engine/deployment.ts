import { EmulatorError } from "../errors/emulator-error";
import { describeError } from "./describe-error";
import type { ResourceOperation } from "./engine";
import { replacePaths } from "./input-diff";
import type { LocalState, ResourceState } from "./local-state";
import { protectionError, refuseProtected } from "./protection";
import { diffResource, goneWith, withIgnored } from "./resource-comparison";
import { addressOf, type DiffResult, type ResourceProvider } from "./resource-provider";
import type { RunRecorder } from "./run-recorder";
import { isSecret, keepSecrets, revealProperties, secret, type WireProperties } from "./wire-values";

/** A resource as the program declares it. */
export interface Declaration {
  readonly urn: string;
  /** The URNs that it may have had before, the likeliest first. */
  readonly aliases: readonly string[];
  /** With secrets marked and, in a preview, unknowns. */
  readonly inputs: WireProperties;
  /** By input, the URNs of what its value comes from. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** Property paths. */
  readonly ignoreChanges: readonly string[];
  /** Property paths. */
  readonly replaceOnChanges: readonly string[];
  readonly secretOutputs: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** Undefined: as the provider says. */
  readonly deleteBeforeReplace?: boolean | undefined;
}

/** What a run means to do to one resource. */
export interface DecidedStep {
  readonly operation: ResourceOperation;
  readonly urn: string;
  /** What was there; undefined with `create`. */
  readonly old?: ResourceState | undefined;
  /** What the program declares, with defaults filled in and secrets marked; undefined with `delete`. */
  readonly now?: Pick<ResourceState, "inputs" | "protect" | "retainOnDelete"> | undefined;
  readonly differences: DiffResult["differences"];
}

export interface DeploymentOptions {
  readonly state: LocalState;
  readonly recorder: RunRecorder;
  readonly preview: boolean;
  /** Told each step before it is done, and also one that is then refused. */
  onStep?(step: DecidedStep): void;
  /** @throws EmulatorError for a package that nobody provides. */
  provider(type: string): ResourceProvider;
}

/** What to do to a resource, and with which inputs. */
interface Step {
  readonly operation: ResourceOperation;
  readonly inputs: WireProperties;
}

/** A resource after its step: its id (empty where it is not known yet) and its outputs, secrets marked. */
export interface Made {
  readonly id: string;
  readonly outputs: WireProperties;
}

/**
 * One run of the in-process engine: compares what the program declares with the state, does the steps, and keeps the state
 * after each. What Pulumi's engine does, as far as programs that the emulator takes need it.
 */
export class Deployment {
  #old: Map<string, ResourceState>;
  /** In the order in which this run met them; so the reverse is safe for deleting. */
  readonly #done = new Map<string, ResourceState>();
  /** Still there, although their replacements stand already. */
  readonly #replaced: ResourceState[];
  /** Deleted for the replacement of another, and not declared again so far. */
  readonly #lost = new Map<string, ResourceState>();
  /** Earlier URNs of resources that go on under another one. */
  readonly #renamed = new Set<string>();

  /** Of a preview: protected resources that would be deleted or replaced. */
  readonly #refused = new Map<string, EmulatorError>();

  constructor(private readonly options: DeploymentOptions) {
    const known = options.state.resources();
    this.#old = new Map(known.filter((one) => !one.replaced).map((one) => [one.urn, one]));
    this.#replaced = known.filter((one) => one.replaced);
  }

  /** Makes one declared resource what it should be. */
  async register(declaration: Declaration): Promise<Made> {
    const { recorder } = this.options;
    try {
      return await this.#make(declaration);
    } catch (error) {
      recorder.message("error", describeError(error), declaration.urn);
      throw error;
    }
  }

  /**
   * Deletes what the program does not declare any more, and what was replaced.
   * @throws EmulatorError QT7011 where something of it is protected; in a preview at the end.
   */
  async finish(): Promise<void> {
    const gone = [...this.#old.values()].filter((resource) => !this.#done.has(resource.urn));
    this.#refuse(gone);
    for (const resource of this.#replaced.splice(0).reverse()) await this.#remove(resource);
    for (const resource of gone.reverse()) {
      this.options.onStep?.({ operation: "delete", urn: resource.urn, old: resource, differences: {} });
      this.options.recorder.start(resource.urn, "delete");
      await this.#remove(resource);
      this.#old.delete(resource.urn);
      this.#save();
      this.options.recorder.succeed(resource.urn, "delete");
    }
    for (const old of this.#lost.values()) {
      this.options.onStep?.({ operation: "delete", urn: old.urn, old, differences: {} });
      this.options.recorder.succeed(old.urn, "delete");
    }
    this.#save();
    for (const error of this.#refused.values()) throw error;
  }

  async #make(declaration: Declaration): Promise<Made> {
    const { urn } = declaration;
    const { recorder } = this.options;
    if (this.#done.has(urn) || this.#renamed.has(urn)) throw new EmulatorError("QT7009", { urn });
    const provider = this.options.provider(addressOf(urn).type);
    const old = this.#takeOver(declaration);
    const step = await this.#decide(provider, declaration, old);
    recorder.start(urn, step.operation);
    try {
      const made = await this.#perform(provider, declaration, old, step);
      recorder.succeed(urn, step.operation);
      return made;
    } catch (error) {
      recorder.fail(urn, step.operation);
      throw error;
    }
  }

  /** What the resource was, under its own URN or an alias; from here on it is known by its own. */
  #takeOver({ urn, aliases }: Declaration): ResourceState | undefined {
    const found = [urn, ...aliases].find((name) => this.#old.has(name));
    if (found === undefined || found === urn) return this.#old.get(urn);
    if (this.#done.has(found)) throw new EmulatorError("QT7009", { urn: found });
    this.#renamed.add(found);
    this.#old = new Map(
      [...this.#old.values()].map((one) => renamed(one, found, urn)).map((one) => [one.urn, one]),
    );
    return this.#old.get(urn);
  }

  /** The inputs with the provider's defaults. */
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

  async #decide(
    provider: ResourceProvider,
    declaration: Declaration,
    old: ResourceState | undefined,
  ): Promise<Step> {
    const { urn } = declaration;
    const inputs = await this.#check(provider, declaration, old);
    if (!old) {
      const lost = [urn, ...declaration.aliases].map((name) => this.#lost.get(name)).find((one) => one);
      if (lost !== undefined) this.#lost.delete(lost.urn);
      const operation = lost === undefined ? "create" : "replace";
      this.options.onStep?.({ urn, now: { ...declaration, inputs }, operation, old: lost, differences: {} });
      return { operation, inputs };
    }
    const diff = await diffResource(provider, old, inputs, declaration.replaceOnChanges);
    const operation = operationOf(diff);
    // What replaces the old resource takes over no default of it, such as an invented name, and nothing that is ignored.
    const fresh = operation === "replace" ? await this.#check(provider, declaration, undefined) : inputs;
    this.options.onStep?.({
      urn,
      now: { ...declaration, inputs: fresh },
      operation,
      old,
      differences: diff.differences,
    });
    if (operation === "replace") await this.#makeRoom(old, declaration, diff);
    return { operation, inputs: fresh };
  }

  /** Before a replacement: the old resource goes now, with what cannot stay without it, or waits for the end. */
  async #makeRoom(old: ResourceState, declaration: Declaration, diff: DiffResult): Promise<void> {
    // Taking the protection away and replacing may be one change.
    if (declaration.protect) this.#refuse([old]);
    if (!(declaration.deleteBeforeReplace ?? diff.deleteBeforeReplace)) {
      this.#replaced.push({ ...old, replaced: true });
      return;
    }
    const others = [...this.#old.values()].filter(({ urn }) => urn !== old.urn && !this.#done.has(urn));
    const going = await goneWith(old, others, this.options.provider);
    this.#refuse(going);
    for (const resource of [...going.reverse(), old]) {
      await this.#remove(resource);
      this.#old.delete(resource.urn);
      if (resource !== old) this.#lost.set(resource.urn, resource);
      this.#save();
    }
  }

  async #perform(
    provider: ResourceProvider,
    declaration: Declaration,
    old: ResourceState | undefined,
    { operation, inputs }: Step,
  ): Promise<Made> {
    const address = addressOf(declaration.urn);
    const { preview } = this.options;
    const plain = revealProperties(inputs);
    if (operation === "same" && old) return this.#keep(declaration, old.id, inputs, old.outputs);
    if (operation === "update" && old) {
      const outputs = await provider.update(address, old.id, revealProperties(old.outputs), plain, preview);
      return this.#keep(declaration, old.id, inputs, outputs);
    }
    const { id, outputs } = await provider.create(address, plain, preview);
    return this.#keep(declaration, id, inputs, outputs);
  }

  #keep(declaration: Declaration, id: string, inputs: WireProperties, outputs: WireProperties): Made {
    const { urn, secretOutputs, aliases: _names, deleteBeforeReplace: _order, ...options } = declaration;
    const marked = markSecret(keepSecrets(outputs, inputs), secretOutputs);
    this.#done.set(urn, { ...options, urn, id, inputs, outputs: marked });
    this.#save();
    return { id, outputs: marked };
  }

  async #remove(resource: ResourceState): Promise<void> {
    const address = addressOf(resource.urn);
    if (this.options.preview || resource.retainOnDelete) return;
    const provider = this.options.provider(address.type);
    await provider.delete(address, resource.id, revealProperties(resource.outputs));
  }

  /** A preview goes on, to tell all the rest, and fails at its end. */
  #refuse(resources: readonly ResourceState[]): void {
    if (!this.options.preview) refuseProtected(resources);
    for (const resource of resources.filter(({ protect }) => protect)) {
      if (this.#refused.has(resource.urn)) continue;
      const error = protectionError([resource]);
      this.options.recorder.message("error", describeError(error));
      this.#refused.set(resource.urn, error);
    }
  }

  #save(): void {
    if (this.options.preview) return;
    const waiting = [...this.#old.values()].filter((resource) => !this.#done.has(resource.urn));
    // What this run has not met yet may stand on what it has met: a later run deletes from the end.
    this.options.state.save([...this.#done.values(), ...waiting, ...this.#replaced]);
  }
}

function operationOf(diff: DiffResult): "same" | "update" | "replace" {
  if (Object.keys(diff.differences).length === 0) return "same";
  return replacePaths(diff).length === 0 ? "update" : "replace";
}

/** The state with another URN in place of one, wherever it stands. */
function renamed(resource: ResourceState, from: string, to: string): ResourceState {
  const rename = (urn: string) => (urn === from ? to : urn);
  const dependencies = Object.entries(resource.propertyDependencies ?? {});
  return {
    ...resource,
    urn: rename(resource.urn),
    propertyDependencies: Object.fromEntries(dependencies.map(([key, urns]) => [key, urns.map(rename)])),
  };
}

function markSecret(outputs: WireProperties, names: readonly string[]): WireProperties {
  const marked = names.filter((name) => name in outputs).map((name) => [name, toSecret(outputs[name])]);
  return { ...outputs, ...Object.fromEntries(marked) };
}

function toSecret(value: unknown): unknown {
  return isSecret(value) ? value : secret(value);
}
