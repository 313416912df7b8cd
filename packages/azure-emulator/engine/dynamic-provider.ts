import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { Message } from "google-protobuf";
import { EmulatorError } from "../errors/emulator-error";
import type { DiffResult, ResourceProvider } from "./resource-provider";
import { fromStruct, toStruct } from "./wire-values";

/** Runs dynamic resources in Pulumi's own provider process, as the engine does, but without the CLI. */
export interface DynamicProvider extends ResourceProvider {
  stop(): void;
}

export interface DynamicProviderOptions {
  /** The folder from which the process resolves packages. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The process starts on the first call. */
export function createDynamicProvider(options: DynamicProviderOptions): DynamicProvider {
  let child: ChildProcess | undefined;
  let connection: Promise<ResourceProviderClient> | undefined;

  const connect = (): Promise<ResourceProviderClient> => {
    connection ??= (async () => {
      child = startProcess(options);
      const client = new ResourceProviderClient(
        `127.0.0.1:${await portOf(child)}`,
        credentials.createInsecure(),
      );
      await answer<Message>((done) =>
        client.configure(new messages.ConfigureRequest().setArgs(toStruct({})), done),
      );
      return client;
    })();
    return connection;
  };

  return {
    name: "pulumi-nodejs",
    version: "",
    configure() {},
    async check(resource, olds, news) {
      const client = await connect();
      const request = new messages.CheckRequest()
        .setUrn(resource.urn)
        .setOlds(toStruct(olds ?? {}))
        .setNews(toStruct(news));
      const reply = await answer<messages.CheckResponse>((done) => client.check(request, done));
      return {
        inputs: fromStruct(reply.getInputs()),
        failures: reply
          .getFailuresList()
          .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
      };
    },
    async diff(resource, id, _oldInputs, oldOutputs, news) {
      const client = await connect();
      const request = new messages.DiffRequest()
        .setUrn(resource.urn)
        .setId(id)
        .setOlds(toStruct(oldOutputs))
        .setNews(toStruct(news));
      return differences(await answer<messages.DiffResponse>((done) => client.diff(request, done)));
    },
    async create(resource, inputs, preview) {
      // As with the engine, a preview does not call the process, so the outputs that it would add are unknown.
      if (preview) return { id: "", outputs: inputs };
      const client = await connect();
      const request = new messages.CreateRequest().setUrn(resource.urn).setProperties(toStruct(inputs));
      const reply = await answer<messages.CreateResponse>((done) => client.create(request, done));
      return { id: reply.getId(), outputs: fromStruct(reply.getProperties()) };
    },
    async read(resource, id, inputs, outputs) {
      const client = await connect();
      const request = new messages.ReadRequest()
        .setUrn(resource.urn)
        .setId(id)
        .setInputs(toStruct(inputs))
        .setProperties(toStruct(outputs));
      const reply = await answer<messages.ReadResponse>((done) => client.read(request, done));
      if (reply.getId() === "") return undefined;
      return {
        id: reply.getId(),
        inputs: reply.hasInputs() ? fromStruct(reply.getInputs()) : inputs,
        outputs: fromStruct(reply.getProperties()),
      };
    },
    async update(resource, id, oldOutputs, news, preview) {
      if (preview) return news;
      const client = await connect();
      const request = new messages.UpdateRequest()
        .setUrn(resource.urn)
        .setId(id)
        .setOlds(toStruct(oldOutputs))
        .setNews(toStruct(news));
      const reply = await answer<messages.UpdateResponse>((done) => client.update(request, done));
      return fromStruct(reply.getProperties());
    },
    async delete(resource, id, outputs) {
      const client = await connect();
      const request = new messages.DeleteRequest()
        .setUrn(resource.urn)
        .setId(id)
        .setProperties(toStruct(outputs));
      await answer<Message>((done) => client.delete(request, done));
    },
    async invoke(token) {
      throw new EmulatorError("QT7003", { token });
    },
    stop() {
      child?.kill();
    },
  };
}

function startProcess({ folder, environment }: DynamicProviderOptions): ChildProcess {
  const script = require.resolve("@pulumi/pulumi/cmd/dynamic-provider");
  // The argument is the engine's address; only logging would use it.
  return spawn(process.execPath, [script, "127.0.0.1:0"], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Reads the port, which the process prints as its first line. */
async function portOf(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new EmulatorError("QT7008");
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    lines.close();
    // Drain the pipe, so that output of the steps cannot fill it.
    child.stdout.resume();
    return Number(line);
  }
  throw new EmulatorError("QT7008");
}

function answer<Reply>(
  call: (done: (error: ServiceError | null, reply: Reply) => void) => unknown,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    call((error, reply) => (error ? reject(new Error(error.details, { cause: error })) : resolve(reply)));
  });
}

function differences(reply: messages.DiffResponse): DiffResult {
  const replaced = reply.getReplacesList().map((path) => [path, "updateReplace"] as const);
  const changed =
    reply.getChanges() === messages.DiffResponse.DiffChanges.DIFF_NONE ? [] : [["inputs", "update"] as const];
  return {
    differences: Object.fromEntries(replaced.length > 0 ? replaced : changed),
    deleteBeforeReplace: reply.getDeletebeforereplace(),
  };
}
