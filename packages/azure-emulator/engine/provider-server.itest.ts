import assert from "node:assert/strict";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { ArmError } from "../control-plane/local-service";
import { createAzureNativeProvider } from "./azure-native-provider";
import { type ProviderServer, serveProvider } from "./provider-server";
import { createMemoryControlPlane, type MemoryControlPlane } from "./testing/memory-control-plane";
import { toyContext } from "./testing/toy-engine";
import { fromStruct, secret, toStruct, unknown, type WireProperties } from "./wire-values";

const serverInputs = { resourceGroupName: "rg", serverName: "s", location: "here" };
const urnOf = (type: string): string => `urn:pulumi:dev::shop::azure-native:${type}::thing`;

describe("engine: provider over gRPC", () => {
  let controlPlane: MemoryControlPlane;
  let server: ProviderServer;
  let client: ResourceProviderClient;

  beforeEach(async () => {
    controlPlane = createMemoryControlPlane();
    const { subscriptionId, tenantId, principals } = toyContext;
    const principal = principals.deployer;
    server = await serveProvider(() =>
      createAzureNativeProvider({ controlPlane, subscriptionId, tenantId, principal }),
    );
    client = new ResourceProviderClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
  });

  afterEach(() => {
    client.close();
    server.close();
  });

  const create = (
    type: string,
    inputs: WireProperties,
    preview = false,
  ): Promise<messages.CreateResponse> => {
    const request = new messages.CreateRequest()
      .setUrn(urnOf(type))
      .setProperties(toStruct(inputs))
      .setPreview(preview);
    return ask((done) => client.create(request, done));
  };

  it("supports previews and takes plain values only, as azure-native does", async () => {
    const request = new messages.ConfigureRequest().setArgs(toStruct({ location: "configured" }));
    const reply = await ask<messages.ConfigureResponse>((done) => client.configure(request, done));
    assert.equal(reply.getSupportspreview(), true);
    assert.equal(reply.getAcceptsecrets(), false);
    const check = new messages.CheckRequest()
      .setUrn(urnOf("sql:Server"))
      .setNews(toStruct({ resourceGroupName: "rg", serverName: "s" }));
    const checked = await ask<messages.CheckResponse>((done) => client.check(check, done));
    assert.equal(fromStruct(checked.getInputs()).location, "configured");
  });

  it("keeps one connection's settings from another's", async () => {
    const other = new ResourceProviderClient(`127.0.0.1:${server.port}`, credentials.createInsecure(), {
      "grpc.use_local_subchannel_pool": 1,
    });
    const region = async (one: ResourceProviderClient) => {
      const check = new messages.CheckRequest()
        .setUrn(urnOf("sql:Server"))
        .setNews(toStruct({ resourceGroupName: "rg", serverName: "s" }));
      return fromStruct((await ask<messages.CheckResponse>((done) => one.check(check, done))).getInputs())
        .location;
    };
    for (const [one, location] of [
      [client, "north"],
      [other, "south"],
    ] as const) {
      const request = new messages.ConfigureRequest().setArgs(toStruct({ location }));
      await ask<messages.ConfigureResponse>((done) => one.configure(request, done));
    }
    assert.deepEqual([await region(client), await region(other)], ["north", "south"]);
    other.close();
  });

  it("unwraps secrets that are sent anyway", async () => {
    await create("sql:Server", { ...serverInputs, administratorLoginPassword: secret("p") });
    const [stored] = controlPlane.resources.values();
    assert.equal(stored?.properties.administratorLoginPassword, "p");
  });

  it("previews unknown inputs and returns no id", async () => {
    const reply = await create("sql:Server", { ...serverInputs, serverName: unknown }, true);
    assert.equal(reply.getId(), "");
    assert.deepEqual(fromStruct(reply.getProperties()), { location: "here" });
    assert.equal(controlPlane.resources.size, 0);
  });

  it("returns a detailed diff with the properties that force a replacement", async () => {
    const request = new messages.DiffRequest()
      .setUrn(urnOf("sql:Server"))
      .setOlds(toStruct({}))
      .setOldInputs(
        toStruct({ ...serverInputs, administratorLogin: "a", tags: { a: "1", b: "1" }, version: "12.0" }),
      )
      .setNews(
        toStruct({ ...serverInputs, administratorLogin: "b", tags: { a: "2", c: "1" }, version: "13.0" }),
      )
      .setIgnorechangesList(["version"]);
    const reply = await ask<messages.DiffResponse>((done) => client.diff(request, done));
    const { Kind } = messages.PropertyDiff;
    const details = reply.getDetaileddiffMap().toArray();
    assert.deepEqual(
      Object.fromEntries(details.map(([path]) => [path, reply.getDetaileddiffMap().get(path)?.getKind()])),
      {
        administratorLogin: Kind.UPDATE_REPLACE,
        "tags.a": Kind.UPDATE,
        "tags.b": Kind.DELETE,
        "tags.c": Kind.ADD,
      },
    );
    assert.deepEqual(reply.getReplacesList(), ["administratorLogin"]);
    assert.deepEqual(reply.getDiffsList(), ["administratorLogin", "tags"]);
    assert.equal(reply.getDeletebeforereplace(), true);
    assert.equal(reply.getChanges(), messages.DiffResponse.DiffChanges.DIFF_SOME);
  });

  it("returns no id when it reads a resource that is gone", async () => {
    const request = new messages.ReadRequest().setUrn(urnOf("sql:Server")).setId("/gone");
    const reply = await ask<messages.ReadResponse>((done) => client.read(request, done));
    assert.equal(reply.getId(), "");
  });

  it("passes on an error of the cloud with status and code", async () => {
    controlPlane.beforePut = () => {
      throw new ArmError(403, "AuthorizationFailed", "the deployer may not");
    };
    await assert.rejects(create("sql:Server", serverInputs), /403 AuthorizationFailed: the deployer may not/);
  });

  it("refuses an unknown type and an unknown function by name", async () => {
    await assert.rejects(create("compute:VirtualMachine", {}), /QT7001: .*compute:VirtualMachine/);
    const request = new messages.InvokeRequest().setTok("azure-native:storage:listStorageAccountKeys");
    await assert.rejects(
      ask((done) => client.invoke(request, done)),
      /QT7003: .*listStorageAccountKeys/,
    );
  });
});

function ask<Reply>(
  call: (done: (error: ServiceError | null, reply: Reply) => void) => unknown,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    call((error, reply) => (error ? reject(new Error(error.details)) : resolve(reply)));
  });
}
