import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { describeError } from "./describe-error";
import { replacePaths } from "./input-diff";
import { withIgnored } from "./resource-comparison";
import { addressOf, type DifferenceKind, type DiffResult, type ResourceProvider } from "./resource-provider";
import { fromStruct, revealProperties, toStruct } from "./wire-values";

/** A provider to which the Pulumi engine can connect (`PULUMI_DEBUG_PROVIDERS=<name>:<port>`). */
export interface ProviderServer {
  readonly name: string;
  readonly port: number;
  close(): void;
}

/** The engine's limit for a message. */
const maxMessageBytes = 400 * 1024 * 1024;

/**
 * Serves a provider on its own loopback port. Each connection, which is a run of one stack, gets its own from `create`, so that stacks do not share
 * their settings of the provider.
 */
export async function serveProvider(create: () => ResourceProvider): Promise<ProviderServer> {
  const server = new Server({ "grpc.max_receive_message_length": maxMessageBytes });
  server.addService(ResourceProviderService, handlersFor(onePerConnection(create)));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { name: create().name, port, close: () => server.forceShutdown() };
}

type Caller = Pick<ServerUnaryCall<unknown, unknown>, "getPeer">;

function onePerConnection(create: () => ResourceProvider): (call: Caller) => ResourceProvider {
  const providers = new Map<string, ResourceProvider>();
  return (call) => {
    const peer = call.getPeer();
    const provider = providers.get(peer) ?? create();
    providers.set(peer, provider);
    return provider;
  };
}

/**
 * Like the real azure-native, the service does not announce `acceptSecrets`. So the engine sends plain values, as Azure
 * would get them, and marks the returned values of secret inputs as secret again.
 */
function handlersFor(providerOf: (call: Caller) => ResourceProvider) {
  const unary =
    <Request, Response>(
      work: (provider: ResourceProvider, request: Request) => Promise<Response>,
    ): Handler<Request, Response> =>
    (call, callback) => {
      work(providerOf(call), call.request).then(
        (response) => callback(null, response),
        (error: unknown) => callback({ code: status.UNKNOWN, details: describeError(error) }),
      );
    };
  return {
    attach: unary(async () => new Empty()),
    cancel: unary(async () => new Empty()),
    getPluginInfo: unary(async (provider) => new PluginInfo().setVersion(provider.version)),
    checkConfig: unary(async (_provider, request: messages.CheckRequest) =>
      new messages.CheckResponse().setInputs(request.getNews()),
    ),
    diffConfig: unary(async () => diffResponse({ differences: {}, deleteBeforeReplace: false })),
    configure: unary(async (provider, request: messages.ConfigureRequest) => {
      provider.configure(plain(request.getArgs()));
      return new messages.ConfigureResponse().setSupportspreview(true);
    }),
    check: unary(async (provider, request: messages.CheckRequest) => {
      const olds = request.hasOlds() ? plain(request.getOlds()) : undefined;
      const result = await provider.check(addressOf(request.getUrn()), olds, plain(request.getNews()));
      return new messages.CheckResponse()
        .setInputs(toStruct(result.inputs))
        .setFailuresList(
          result.failures.map(({ property, reason }) =>
            new messages.CheckFailure().setProperty(property).setReason(reason),
          ),
        );
    }),
    diff: unary(async (provider, request: messages.DiffRequest) =>
      diffResponse(
        await provider.diff(
          addressOf(request.getUrn()),
          request.getId(),
          plain(request.getOldInputs()),
          plain(request.getOlds()),
          // Newer engines already apply `ignoreChanges`, but not when they ask about a dependent.
          withIgnored(
            plain(request.getNews()),
            plain(request.getOldInputs()),
            request.getIgnorechangesList(),
          ),
        ),
      ),
    ),
    create: unary(async (provider, request: messages.CreateRequest) => {
      const address = addressOf(request.getUrn());
      const result = await provider.create(address, plain(request.getProperties()), request.getPreview());
      return new messages.CreateResponse().setId(result.id).setProperties(toStruct(result.outputs));
    }),
    read: unary(async (provider, request: messages.ReadRequest) => {
      const inputs = plain(request.getInputs());
      const found = await provider.read(
        addressOf(request.getUrn()),
        request.getId(),
        inputs,
        plain(request.getProperties()),
      );
      // A response without an id means that the resource is gone.
      if (!found) return new messages.ReadResponse();
      return new messages.ReadResponse()
        .setId(found.id)
        .setInputs(toStruct(found.inputs))
        .setProperties(toStruct(found.outputs));
    }),
    update: unary(async (provider, request: messages.UpdateRequest) => {
      const outputs = await provider.update(
        addressOf(request.getUrn()),
        request.getId(),
        plain(request.getOlds()),
        plain(request.getNews()),
        request.getPreview(),
      );
      return new messages.UpdateResponse().setProperties(toStruct(outputs));
    }),
    delete: unary(async (provider, request: messages.DeleteRequest) => {
      await provider.delete(addressOf(request.getUrn()), request.getId(), plain(request.getProperties()));
      return new Empty();
    }),
    invoke: unary(async (provider, request: messages.InvokeRequest) => {
      const result = await provider.invoke(request.getTok(), plain(request.getArgs()));
      return new messages.InvokeResponse().setReturn(toStruct(result));
    }),
  };
}

type Handler<Request, Response> = (
  call: ServerUnaryCall<Request, Response>,
  callback: sendUnaryData<Response>,
) => void;

function plain(struct: Struct | undefined): Record<string, unknown> {
  return revealProperties(fromStruct(struct));
}

const kinds: Readonly<Record<DifferenceKind, messages.PropertyDiff.Kind>> = {
  add: messages.PropertyDiff.Kind.ADD,
  addReplace: messages.PropertyDiff.Kind.ADD_REPLACE,
  delete: messages.PropertyDiff.Kind.DELETE,
  deleteReplace: messages.PropertyDiff.Kind.DELETE_REPLACE,
  update: messages.PropertyDiff.Kind.UPDATE,
  updateReplace: messages.PropertyDiff.Kind.UPDATE_REPLACE,
};

function diffResponse(diff: DiffResult): messages.DiffResponse {
  const paths = Object.keys(diff.differences);
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  const response = new messages.DiffResponse()
    .setChanges(paths.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setReplacesList(replacePaths(diff))
    .setDiffsList([...new Set(paths.map((path) => path.split(/[.[]/)[0] ?? path))])
    .setDeletebeforereplace(diff.deleteBeforeReplace)
    .setHasdetaileddiff(true);
  const detailed = response.getDetaileddiffMap();
  for (const [path, kind] of Object.entries(diff.differences)) {
    detailed.set(path, new messages.PropertyDiff().setKind(kinds[kind]).setInputdiff(true));
  }
  return response;
}
