import assert from "node:assert/strict";
import { azureResourceTypes } from "../../../azure-resource-types";
import type { ArmBody, ArmResource } from "../resource";
import { checkResource, type WriteForm } from "./check-resource";

const check = (type: string, name: string, body: unknown, form: WriteForm = {}, existing?: object) =>
  checkResource(azureResourceTypes, { type, name }, body as ArmBody, form, existing as ArmResource);
const server = (body: object, form: WriteForm = {}) =>
  check("Microsoft.Sql/servers", "s", { location: "westeurope", ...body }, form);

describe("everything that is written", () => {
  const refused = (write: () => unknown, code: string, words: RegExp) =>
    assert.throws(write, (error: { status?: number; code?: string; message?: string }) => {
      assert.deepEqual([error.status, error.code], [400, code]);
      assert.match(String(error.message), words);
      return true;
    });

  it("asks for a location", () => {
    refused(() => check("Microsoft.Sql/servers", "s", {}), "LocationRequired", /location property/);
    check("Microsoft.Sql/servers/firewallRules", "r", { properties: {} });
  });

  it("is refused by Resource Manager beside `properties`, and by the provider inside, naming the property", () => {
    refused(() => server({ properties: "hello" }), "InvalidRequestContent", /Path 'properties'/);
    refused(() => server({ nonsense: 1 }), "InvalidRequestContent", /Path 'nonsense'/);
    refused(
      () => server({ properties: { minimalTlsVersion: 1 } }),
      "InvalidParameterValue",
      /properties\.minimalTlsVersion/,
    );
    refused(
      () => check("Microsoft.Web/sites", "site", { location: "westeurope", properties: { enabled: "yes" } }),
      "BadRequest",
      /properties\.enabled/,
    );
  });

  it("is checked for its name, location and tags, also if the type has no published shape", () => {
    refused(() => server({ location: "atlantis" }), "LocationNotAvailableForResourceType", /atlantis/);
    refused(() => server({ tags: { "a<b>": "" } }), "InvalidTagNameCharacters", /a<b>/);
    refused(() => check("Microsoft.Sql/servers", "UPPER", {}), "InvalidServerName", /UPPER/);
    for (const [body, code] of [
      [{ properties: "hello" }, "InvalidRequestContent"],
      [{ tags: ["a"] }, "InvalidRequestContent"],
      [{ location: 1 }, "InvalidRequestContent"],
      [{ location: "atlantis" }, "LocationNotAvailableForResourceType"],
    ] as const)
      refused(() => check("Microsoft.Test/things", "t", body), code, /./);
    check("Microsoft.Test/things", "t", { properties: { whatever: 1 }, other: true });
  });

  it("loses what is read-only", () => {
    const sent = { properties: { value: "v", secretUri: "x", secretUriWithVersion: "y" } };
    assert.deepEqual(check("Microsoft.KeyVault/vaults/secrets", "s", sent), { properties: { value: "v" } });
  });

  it("is checked in a PATCH as well: the changes by themselves, and with what is there", () => {
    const stored = {
      location: "westeurope",
      tags: { a: "1" },
      systemData: {},
      properties: { minimalTlsVersion: "1.2", state: "Ready", ofTheService: [] },
    };
    const patch = (changes: object) =>
      check(
        "Microsoft.Sql/servers",
        "s",
        changes,
        { isPatch: true },
        { id: "/s", name: "s", type: "t", ...stored },
      );
    assert.deepEqual(patch({ properties: { publicNetworkAccess: "Disabled" } }), {
      location: "westeurope",
      tags: { a: "1" },
      properties: { minimalTlsVersion: "1.2", publicNetworkAccess: "Disabled" },
    });
    refused(
      () => patch({ properties: { minimalTlsVersion: 1 } }),
      "InvalidParameterValue",
      /minimalTlsVersion/,
    );
    refused(() => patch({ properties: { ofTheService: [] } }), "InvalidParameterValue", /ofTheService/);
    refused(() => patch({ properties: "hello" }), "InvalidRequestContent", /properties/);
    refused(() => patch({ tags: { "a/b": "" } }), "InvalidTagNameCharacters", /tag/);
  });

  it("may lack in a PATCH what was only written", () => {
    const stored = { id: "/c", name: "c", type: "t", properties: { userName: "u", password: null } };
    const patch = (properties: object) =>
      check(
        "Microsoft.Automation/automationAccounts/credentials",
        "c",
        { properties },
        { isPatch: true },
        stored,
      );
    assert.equal(patch({ userName: "v" }).properties?.userName, "v");
  });

  it("is held to the shape of its own name if the type's names differ", () => {
    const config = (name: string, properties: object) =>
      check("Microsoft.Web/sites/config", name, { properties });
    assert.deepEqual(config("appsettings", { A: "1" }), { properties: { A: "1" } });
    refused(() => config("appsettings", { A: 1 }), "BadRequest", /properties\.A/);
    refused(() => config("nothing", {}), "InvalidRequestContent", /name/);
  });

  it("may have properties that the types do not know, in a request of another API version", () => {
    const body = { properties: { brandNew: true } };
    refused(() => server(body), "InvalidParameterValue", /brandNew/);
    refused(() => server(body, { apiVersion: "2023-08-01" }), "InvalidParameterValue", /brandNew/);
    assert.deepEqual(server(body, { apiVersion: "2025-01-01" }).properties, body.properties);
    // azure-native's version of the Web types is newer than the published types; it is held to them all the same.
    const site = { location: "westeurope", properties: { brandNew: true } };
    for (const apiVersion of ["2025-03-01", "2025-05-01"])
      refused(() => check("Microsoft.Web/sites", "site", site, { apiVersion }), "BadRequest", /brandNew/);
  });
});
