import assert from "node:assert/strict";
import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import { aliasUrns, type Naming, urnOf } from "./urns";

const stackUrn = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";
const home = { stack: "dev", project: "shop" };
const component = urnOf({ ...home, type: "q:Data", name: "data", parent: stackUrn });
const server: Naming = { ...home, type: "sql:Server", name: "data-server", parent: component };

const alias = (spec: Partial<Alias.Spec.AsObject>): Alias.AsObject => ({
  urn: "",
  spec: { name: "", type: "", stack: "", project: "", parenturn: "", noparent: false, ...spec },
});
const shown = (urns: readonly string[]) => urns.map((urn) => urn.split("::").slice(2).join("::"));
const none = () => [];

describe("engine: URNs", () => {
  it("leaves the stack out of the parents' types", () => {
    assert.equal(component, "urn:pulumi:dev::shop::q:Data::data");
    assert.equal(urnOf(server), "urn:pulumi:dev::shop::q:Data$sql:Server::data-server");
  });

  it("resolves an alias: a full URN, another name, type, parent, no parent, stack or project", () => {
    const aliases = [
      { urn: "urn:pulumi:dev::shop::x::y" },
      alias({ name: "old" }),
      alias({ type: "sql:Old" }),
      alias({ parenturn: urnOf({ ...home, type: "q:Old", name: "o", parent: "" }) }),
      alias({ parenturn: stackUrn }),
      alias({ noparent: true }),
    ];
    assert.deepEqual(shown(aliasUrns(server, aliases, none)), [
      "x::y",
      "q:Data$sql:Server::old",
      "q:Data$sql:Old::data-server",
      "q:Old$sql:Server::data-server",
      "sql:Server::data-server",
    ]);
    assert.deepEqual(aliasUrns(server, [alias({ stack: "prod", project: "p" })], none), [
      "urn:pulumi:prod::p::q:Data$sql:Server::data-server",
    ]);
  });

  it("resolves the aliases of the parent, also in names that begin with its name", () => {
    const earlier = urnOf({ ...home, type: "q:Store", name: "store", parent: "" });
    const aliasesOf = (urn: string) => (urn === component ? [earlier] : []);
    assert.deepEqual(shown(aliasUrns(server, [], aliasesOf)), ["q:Store$sql:Server::store-server"]);
    assert.deepEqual(shown(aliasUrns(server, [alias({ type: "sql:Old" })], aliasesOf)), [
      "q:Store$sql:Old::data-server",
      "q:Data$sql:Old::data-server",
      "q:Store$sql:Server::store-server",
      "q:Store$sql:Old::store-server",
    ]);
  });

  it("leaves out the current URN", () => {
    assert.deepEqual(aliasUrns(server, [alias({})], none), []);
  });
});
