import assert from "node:assert/strict";
import { azureResourceTypes, newestApiVersion, shapeOf } from "../../../azure-resource-types";
import { checkApiVersion } from "./api-version";

const subscription = "/subscriptions/s";
const group = `${subscription}/resourceGroups/rg`;
const vault = `${group}/providers/Microsoft.KeyVault/vaults/v`;

describe("an api-version", () => {
  const taken = (path: string, ...versions: string[]) => {
    for (const version of versions)
      assert.doesNotThrow(() => checkApiVersion(azureResourceTypes, path, version), `${path} ${version}`);
  };
  const refused = (path: string, version: string, code: string, words: RegExp) =>
    assert.throws(
      () => checkApiVersion(azureResourceTypes, path, version),
      (error: { status?: number; code?: string; message?: string }) => {
        assert.deepEqual([error.status, error.code], [400, code]);
        assert.match(String(error.message), words);
        return true;
      },
    );

  it("is a date", () => {
    for (const version of ["banana", "1", "2024-11", "2024-11-01-", "2024-11-01 "])
      refused(vault, version, "InvalidApiVersionParameter", /2024-11-01/);
    refused(group, "2099-01-01", "InvalidApiVersionParameter", /supported api-versions are/);
    refused(group, "banana", "InvalidApiVersionParameter", /banana/);
    refused(`${group}/providers/Microsoft.Test/things/t`, "banana", "InvalidApiVersionParameter", /banana/);
  });

  it("is one of the type's", () => {
    taken(vault, "2024-11-01", "2016-10-01", "2023-07-01");
    taken(`${group}/providers/microsoft.keyvault/VAULTS`, "2024-11-01");
    for (const version of ["1999-01-01", "2099-01-01", "2018-06-01"])
      refused(vault, version, "NoRegisteredProviderFound", /for type 'vaults'.*'2026-.*2024-11-01/);
    taken(`${vault}/providers/Microsoft.Authorization/roleAssignments/a`, "2022-04-01", "2015-07-01");
    refused(
      `${vault}/providers/Microsoft.Authorization/roleAssignments`,
      "2024-11-01",
      "NoRegisteredProviderFound",
      /roleAssignments/,
    );
  });

  it("may be newer than the list, but not of the future", () => {
    const day = 24 * 3600 * 1000;
    const date = (time: number) => new Date(time).toISOString().slice(0, "2026-01-01".length);
    taken(vault, "2026-05-15", date(Date.parse(newestApiVersion) + day), `${date(Date.now())}-preview`);
    refused(vault, date(Date.now() + day), "NoRegisteredProviderFound", /vaults/);
  });

  it("of another form is refused by its name, whatever the request is", () => {
    const at = (type: string) => `${group}/providers/${type}/x`;
    const rule = at("Microsoft.Insights/scheduledQueryRules");
    refused(
      rule,
      "2018-04-16",
      "QT6006",
      /scheduledQueryRules have another form.* of 2020-05-01 or later.*2025-01-01-preview/,
    );
    taken(rule, "2020-05-01-preview", "2021-08-01");
    refused(`${group}/providers/Microsoft.Storage/storageAccounts`, "2015-06-15", "QT6006", /2016-01-01/);
    taken(at("Microsoft.Storage/storageAccounts"), "2016-01-01");
    const database = `${at("Microsoft.Sql/servers")}/databases/d`;
    refused(database, "2014-04-01", "QT6006", /2017-03-01/);
    taken(database, "2017-03-01-preview");
    taken(at("Microsoft.Sql/servers"), "2014-04-01");
  });

  it("of any other path is of Resource Manager's time", () => {
    const account = `${group}/providers/Microsoft.Automation/automationAccounts/a`;
    refused(`${account}/webhooks/w`, "2023-11-01", "NoRegisteredProviderFound", /webhooks/);
    for (const path of [
      subscription,
      `${group}/resources`,
      `${subscription}/providers/Microsoft.KeyVault`,
      `${subscription}/providers/Microsoft.KeyVault/register`,
      `${account}/runbooks/r/draft/content`,
      `${account}/jobs/j`,
      `${group}/providers/Microsoft.Test/things/t`,
    ]) {
      taken(path, "2023-11-01", "2016-06-01");
      for (const version of ["1999-01-01", "2099-01-01"])
        refused(path, version, "InvalidApiVersionParameter", /is invalid/);
    }
  });

  it("may be the one that azure-native sends, and that of the published shape", () => {
    for (const { type, apiVersion } of azureResourceTypes.types) {
      const [namespace = "", ...steps] = type.split("/");
      const path = `${group}/providers/${namespace}/${steps.map((step) => `${step}/name`).join("/")}`;
      taken(path, apiVersion, shapeOf(type)?.version ?? apiVersion);
    }
  });
});
