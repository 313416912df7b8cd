import assert from "node:assert/strict";
import { bareEnvironment } from "./bare-environment";

describe("The environment of a local preview", () => {
  const named = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, `${name}'s value`]));

  it("has what Node, git and the file system need, in any case", () => {
    const kept = named([
      ...["PATH", "Path", "PATHEXT", "HOME", "USERPROFILE", "TMPDIR", "TMP", "TEMP", "TZ"],
      ...["LANG", "LC_ALL", "LC_COLLATE", "LC_CTYPE", "LC_MESSAGES", "LC_MONETARY", "LC_NUMERIC", "LC_TIME"],
      ...["SYSTEMROOT", "SystemRoot", "COMSPEC", "NODE_OPTIONS", "NODE_PATH", "NODE_EXTRA_CA_CERTS"],
    ]);
    assert.deepEqual(bareEnvironment(kept), kept);
  });

  it("has no credential and no address that may hold one", () => {
    const names = [
      ...["QT_DATABASE_PASSWORD", "QUANTEMPLATE_CLIENT_SECRET", "PULUMI_ACCESS_TOKEN", "ARM_CLIENT_SECRET"],
      ...["HTTPS_PROXY", "https_proxy", "NODE_AUTH_TOKEN", "NODE_TLS_REJECT_UNAUTHORIZED", "LC_SECRET"],
      ...["MY_PATH", "PATH_TO_KEY", "HOMEPAGE_TOKEN", "XTZ"],
    ];
    assert.deepEqual(bareEnvironment(named(names)), {});
  });
});
