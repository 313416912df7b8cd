import { QtError } from "../../errors/qt-error";
import { describeError } from "./describe-error";
import type { ResourceOperation } from "./engine";
import { replacePaths } from "./input-diff";
import type { LocalState, ResourceState } from "./local-state";
import { addressOf, type DiffResult, type ResourceProvider } from "./resource-provider";
import type { RunRecorder } from "./run-recorder";
import { isSecret, keepSecrets, revealProperties, secret, type WireProperties } from "./wire-values";

/** A resource as the program declares it. */
export interface Declaration {
  readonly urn: string;
  /** With secrets marked and, in a preview, unknowns. */
  readonly inputs: WireProperties;
  readonly ignoreChanges: readonly string[];
  readonly secretOutputs: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
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
  /** @throws QtError for a package that nobody provides. */
  provider(type: string): ResourceProvider;
}

/** A resource after its step: its id (empty where it is not known yet) and its outputs, secrets marked. */
export interface Made {
  readonly id: string;
  readonly outputs: WireProperties;
}

/**
 * One run of the in-process engine: compares what the program declares with the state, does the steps, and keeps the state
 * after each. What Pulumi's engine does, as far as this project's programs need it.
 */
export class Deployment {
  readonly #old: Map<string, ResourceState>;
  /** In the order in which this run met them; so the reverse is safe for deleting. */
  readonly #done = new Map<string, ResourceState>();
  /** Still there, although their replacements stand already. */
  readonly #replaced: ResourceState[];
  /** Went with the resource that they were below. */
  readonly #lost = new Map<string, ResourceState>();

  /** Of a preview: protected resources that would be deleted or replaced. */
  readonly #refused = new Map<string, QtError>();

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
   * @throws QtError QT7011 where something of it is protected; in a preview at the end.
   */
  async finish(): Promise<void> {
    const gone = [...this.#old.values()].filter((resource) => !this.#done.has(resource.urn));
    for (const resource of this.#replaced.splice(0).reverse()) await this.#remove(resource);
    for (const resource of gone.reverse()) {
      this.options.onStep?.({ operation: "delete", urn: resource.urn, old: resource, differences: {} });
      this.options.recorder.start(resource.urn, "delete");
      await this.#remove(resource);
      this.#old.delete(resource.urn);
      this.#save();
      this.options.recorder.succeed(resource.urn, "delete");
    }
    this.#save();
    for (const error of this.#refused.values()) throw error;
  }

  async #make(declaration: Declaration): Promise<Made> {
    const { urn } = declaration;
    const { recorder } = this.options;
    if (this.#done.has(urn)) throw new QtError("QT7009", { urn });
    const provider = this.options.provider(addressOf(urn).type);
    const old = this.#old.get(urn);
    const inputs = await this.#check(provider, declaration, old);
    const operation = await this.#decide(provider, declaration, old, inputs);
    recorder.start(urn, operation);
    try {
      const made = await this.#perform(provider, declaration, old, inputs, operation);
      recorder.succeed(urn, operation);
      return made;
    } catch (error) {
      recorder.fail(urn, operation);
      throw error;
    }
  }

  async #check(
    provider: ResourceProvider,
    declaration: Declaration,
    old: ResourceState | undefined,
  ): Promise<WireProperties> {
    const given = withIgnored(declaration, old);
    const olds = old && revealProperties(old.inputs);
    const { inputs, failures } = await provider.check(
      addressOf(declaration.urn),
      olds,
      revealProperties(given),
    );
    if (failures.length > 0) {
      const reason = failures.map(({ property, reason }) => `${property}: ${reason}`).join("; ");
      throw new QtError("QT7010", { name: addressOf(declaration.urn).name, reason });
    }
    return keepSecrets(inputs, given);
  }

  async #decide(
    provider: ResourceProvider,
    declaration: Declaration,
    old: ResourceState | undefined,
    inputs: WireProperties,
  ): Promise<ResourceOperation> {
    const step = { urn: declaration.urn, now: { ...declaration, inputs } };
    if (!old) {
      const lost = this.#lost.get(declaration.urn);
      const operation = lost === undefined ? "create" : "replace";
      this.options.onStep?.({ ...step, operation, old: lost, differences: {} });
      return operation;
    }
    const diff = await provider.diff(
      addressOf(declaration.urn),
      old.id,
      revealProperties(old.inputs),
      revealProperties(old.outputs),
      revealProperties(inputs),
    );
    const operation = operationOf(diff);
    this.options.onStep?.({ ...step, operation, old, differences: diff.differences });
    if (operation !== "replace") return operation;
    this.#respectProtection(old);
    if (diff.deleteBeforeReplace || declaration.deleteBeforeReplace) await this.#removeBelow(old);
    else this.#replaced.push({ ...old, replaced: true });
    return "replace";
  }

  async #perform(
    provider: ResourceProvider,
    declaration: Declaration,
    old: ResourceState | undefined,
    inputs: WireProperties,
    operation: ResourceOperation,
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
    const { urn, protect, retainOnDelete } = declaration;
    const marked = markSecret(keepSecrets(outputs, inputs), declaration.secretOutputs);
    this.#done.set(urn, { urn, id, inputs, outputs: marked, protect, retainOnDelete });
    this.#save();
    return { id, outputs: marked };
  }

  /** Deletes a resource and forgets what Azure deletes with it, so that the program's declarations make it anew. */
  async #removeBelow(resource: ResourceState): Promise<void> {
    const below = `${resource.id.toLowerCase()}/`;
    const lost = [...this.#old].filter(([, { id }]) => id.toLowerCase().startsWith(below));
    for (const [, other] of lost) this.#respectProtection(other);
    await this.#remove(resource);
    for (const [urn, other] of [[resource.urn, resource] as const, ...lost]) {
      this.#old.delete(urn);
      this.#lost.set(urn, other);
    }
    this.#save();
  }

  async #remove(resource: ResourceState): Promise<void> {
    const address = addressOf(resource.urn);
    this.#respectProtection(resource);
    if (this.options.preview || resource.retainOnDelete) return;
    const provider = this.options.provider(address.type);
    await provider.delete(address, resource.id, revealProperties(resource.outputs));
  }

  /** A preview goes on, to tell all the rest, and fails at its end. */
  #respectProtection({ urn, protect }: ResourceState): void {
    if (!protect) return;
    const error = new QtError("QT7011", { name: addressOf(urn).name });
    if (!this.options.preview) throw error;
    if (!this.#refused.has(urn)) this.options.recorder.message("error", describeError(error));
    this.#refused.set(urn, error);
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

/** `ignoreChanges`: the old input stays. Top-level names only. */
function withIgnored({ inputs, ignoreChanges }: Declaration, old: ResourceState | undefined): WireProperties {
  if (!old || ignoreChanges.length === 0) return inputs;
  const kept = ignoreChanges.filter((name) => name in old.inputs).map((name) => [name, old.inputs[name]]);
  return { ...inputs, ...Object.fromEntries(kept) };
}

function markSecret(outputs: WireProperties, names: readonly string[]): WireProperties {
  const marked = names.filter((name) => name in outputs).map((name) => [name, toSecret(outputs[name])]);
  return { ...outputs, ...Object.fromEntries(marked) };
}

function toSecret(value: unknown): unknown {
  return isSecret(value) ? value : secret(value);
}
