import { status } from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/resource_pb";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { ArmError } from "../control-plane/local-service";
import { EmulatorError } from "../errors/emulator-error";
import type { Declaration, RegisteredResource } from "./deployment";
import { describeError } from "./describe-error";
import { aliasUrns, urnOf } from "./urns";
import { fromStruct, revealProperties, toStruct, type WireProperties } from "./wire-values";

/** What the monitor needs from the engine that runs the program. */
export interface ProgramHost {
  readonly project: string;
  readonly stack: string;
  register(declaration: Declaration): Promise<RegisteredResource>;
  invoke(token: string, inputs: WireProperties): Promise<WireProperties>;
}

type Callback<Reply> = (error: unknown, reply: Reply | undefined) => void;

const {
  RESOURCE_MONITOR_FEATURE_SECRETS,
  RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
  RESOURCE_MONITOR_FEATURE_DELETED_WITH,
} = messages.ResourceMonitorFeature;

/**
 * Pulumi's resource monitor inside the program's process. It plugs in like the SDK's mocks, but gets the full requests,
 * with options, and answers with the resources that were really created.
 */
export class ProgramMonitor extends MockMonitor {
  readonly #running = new Set<Promise<unknown>>();
  /** For each resource, components included, the URNs that it may have had before. */
  readonly #aliases = new Map<string, readonly string[]>();
  #failure: unknown;
  #fail: (error: unknown) => void = () => {};

  /** Rejects with the first failure of a resource, after which the program itself may never end. */
  readonly failed = new Promise<never>((_, reject) => {
    this.#fail = reject;
  });

  constructor(private readonly host: ProgramHost) {
    super({ call: () => unsupported("mocks"), newResource: () => unsupported("mocks") });
    this.failed.catch(() => {});
  }

  /** Starts no new steps and waits for those that are running. */
  async end(): Promise<void> {
    this.#failure ??= new Error("The run is over.");
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  override registerResource(
    request: messages.RegisterResourceRequest,
    callback: Callback<messages.RegisterResourceResponse>,
  ): Promise<void> {
    return this.#answer(callback, async () => {
      const { urn, aliases } = this.#identify(request);
      const response = new messages.RegisterResourceResponse().setUrn(urn);
      if (!request.getCustom()) return response.setObject(request.getObject());
      const { id, outputs } = await this.host.register({
        urn,
        aliases,
        inputs: fromStruct(request.getObject()),
        propertyDependencies: dependenciesOf(request),
        ignoreChanges: request.getIgnorechangesList(),
        replaceOnChanges: request.getReplaceonchangesList(),
        secretOutputs: request.getAdditionalsecretoutputsList(),
        protect: request.getProtect() ?? false,
        retainOnDelete: request.getRetainondelete() ?? false,
        deletedWith: request.getDeletedwith() || undefined,
        deleteBeforeReplace: request.getDeletebeforereplacedefined()
          ? request.getDeletebeforereplace()
          : undefined,
      });
      return response.setId(id).setObject(toStruct(outputs));
    });
  }

  override invoke(
    request: messages.ResourceInvokeRequest,
    callback: Callback<messages.ResourceInvokeResponse>,
  ): Promise<void> {
    const work = async () => {
      const inputs = revealProperties(fromStruct(request.getArgs()));
      const result = await this.host.invoke(request.getTok(), inputs);
      return new messages.ResourceInvokeResponse().setReturn(toStruct(result));
    };
    // A program may do without an answer of Azure's, as under Pulumi's engine.
    return this.#answer(callback, work, (error) => error instanceof ArmError);
  }

  override readResource(
    request: messages.ReadResourceRequest,
    callback: Callback<messages.ReadResourceResponse>,
  ): Promise<void> {
    return this.#answer(callback, async () => unsupported(`reading ${request.getName()} by its id`));
  }

  override registerResourceOutputs(_request: unknown, callback: Callback<Empty>): void {
    callback(null, new Empty());
  }

  override getDeploymentInfo(_request: unknown, callback: Callback<messages.DeploymentInfo>): void {
    const features = [
      RESOURCE_MONITOR_FEATURE_SECRETS,
      RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
      RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    ];
    callback(null, new messages.DeploymentInfo().setSupportedfeaturesList(features));
  }

  /** @param mayCatch errors that the program gets, and that end the run only if it does not catch them */
  async #answer<Reply>(
    callback: Callback<Reply>,
    work: () => Promise<Reply>,
    mayCatch: (error: unknown) => boolean = () => false,
  ): Promise<void> {
    // After a failure no step is started. The SDK takes UNAVAILABLE as the engine's shutdown and reports nothing.
    const shutdown = { code: status.UNAVAILABLE, message: "The run has failed." };
    if (this.#failure !== undefined) return callback(shutdown, undefined);
    const running = work();
    this.#running.add(running);
    try {
      callback(null, await running);
    } catch (error) {
      if (mayCatch(error)) {
        const details = describeError(error);
        return callback({ code: status.UNKNOWN, message: details, details }, undefined);
      }
      this.#failure ??= error;
      this.#fail(error);
      callback(shutdown, undefined);
    } finally {
      this.#running.delete(running);
    }
  }

  #identify(request: messages.RegisterResourceRequest): Pick<Declaration, "urn" | "aliases"> {
    const naming = {
      stack: this.host.stack,
      project: this.host.project,
      type: request.getType(),
      name: request.getName(),
      parent: request.getParent(),
    };
    const specs = request.getAliasesList().map((alias) => alias.toObject());
    const urn = urnOf(naming);
    const aliases = aliasUrns(naming, specs, (other) => this.#aliases.get(other) ?? []);
    this.#aliases.set(urn, aliases);
    return { urn, aliases };
  }
}

function dependenciesOf(request: messages.RegisterResourceRequest): Record<string, string[]> {
  const entries = [...request.getPropertydependenciesMap().entries()];
  return Object.fromEntries(entries.map(([input, dependencies]) => [input, dependencies.getUrnsList()]));
}

function unsupported(what: string): never {
  throw new EmulatorError("QT7012", { what });
}
