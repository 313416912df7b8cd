import assert from "node:assert/strict";
import { isSecretName } from "./secret-names";

describe("The name of a secret", () => {
  it("is recognised in every spelling", () => {
    for (const name of [
      "quantemplate:clientSecret",
      "azure-native:clientCertificatePassword",
      "DB_PASSWORD",
      "storage-key",
      "ConnectionStrings",
      "api-key",
      "primaryKey",
      "secondaryKeys",
      "secretText",
      "clientSecretValue",
    ]) {
      assert.ok(isSecretName(name), name);
    }
  });

  it("is not confused with names that only mention a secret", () => {
    for (const name of [
      "tokenUrl",
      "passwordPolicy",
      "keyColumns",
      "key",
      "secretsprovider",
      "oidcTokenFilePath",
    ]) {
      assert.ok(!isSecretName(name), name);
    }
  });
});
