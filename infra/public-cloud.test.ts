import assert from "node:assert/strict";
import { refuseOtherClouds } from "./public-cloud";

describe("a cloud", () => {
  it("that is not public Azure is refused by name, wherever azure-native reads it", () => {
    for (const [config, env, cloud] of [
      [{ "azure-native:environment": "usgovernment" }, {}, "usgovernment"],
      [{}, { ARM_ENVIRONMENT: "china" }, "china"],
      [{}, { ARM_METADATA_HOSTNAME: "management.usgovcloudapi.net" }, "usgovcloudapi"],
      [{ "azure-native:metadataHost": "management.chinacloudapi.cn" }, {}, "chinacloudapi"],
    ] as const)
      assert.throws(() => refuseOtherClouds(config, env), { code: "QT1003", details: { cloud } });
  });

  it("that is public, or an emulator's, is taken", () => {
    refuseOtherClouds({}, {});
    refuseOtherClouds({ "azure-native:environment": "public" }, { ARM_ENVIRONMENT: "" });
    refuseOtherClouds({}, { ARM_ENVIRONMENT: "AzureCloud", ARM_METADATA_HOSTNAME: "127.0.0.1:4443" });
  });
});
