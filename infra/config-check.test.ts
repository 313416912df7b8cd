import assert from "node:assert/strict";
import { join } from "node:path";
import { QtError } from "../errors/qt-error";
import { inheritedNames } from "../packages/kit/testing/inherited-names";
import { flatConfig, readTenant } from "../tenants/tenant";
import { checkTenantConfig, configKey, lenientSettings, parseTenantConfig } from "./config-check";
import { datasetClashes } from "./dataset-clashes";
import { tenantConfig } from "./testing/tenant";

/** The mistakes for which a configuration is refused, one per line. */
function mistakes(changes: Record<string, string | undefined>): string[] {
  try {
    parseTenantConfig(tenantConfig(changes), "acme");
  } catch (error) {
    assert.ok(error instanceof QtError && error.code === "QT1001", String(error));
    return String(error.details.mistakes)
      .split("\n")
      .map((line) => line.replace(/^ {2}- /, ""));
  }
  return [];
}

const datasets = (...entries: object[]) => ({ "quantemplate:datasets": JSON.stringify(entries) });

describe("the tenant's configuration", () => {
  it("needs few settings and fills in defaults for the rest", () => {
    const config = parseTenantConfig(tenantConfig(), "acme");
    assert.equal(config.apiUrl, "https://api.prod.quantemplate.com/");
    assert.equal(config.unknownDatasets, "ignore");
    assert.equal(config.sql.autoPauseDelay, 15);
    assert.equal(config.function.nodeVersion, "24");
    assert.equal(config.runbook.waitForEnd, false);
    assert.equal(config.protect, true);
    assert.deepEqual(config.datasets[1], {
      id: "d-2",
      table: "claims_notes",
      keyColumns: [],
      types: {},
      columns: {},
      exclude: [],
      guards: { maxShrinkPercent: 50, maxColumnChangePercent: 50, allowEmpty: false },
    });
  });

  it("says nothing of a size beside a pool, which names its server", () => {
    const group = "/subscriptions/00000000-0000-0000-0000-00000000005b/resourceGroups/rg/providers";
    const server = `${group}/Microsoft.Sql/servers/one`;
    const elasticPool = `${server}/elasticPools/pool`;
    const found = (existing: object, sql: object) =>
      mistakes({
        "quantemplate:existing": JSON.stringify(existing),
        "quantemplate:sql": JSON.stringify(sql),
      });
    assert.deepEqual(found({ elasticPool }, { backupRedundancy: "Local", auditing: false }), []);
    assert.deepEqual(
      found({ elasticPool, sqlServer: server.toUpperCase().replace("SUBSCRIPTIONS", "subscriptions") }, {}),
      [],
    );
    assert.deepEqual(
      found({ elasticPool }, { skuName: "GP_S_Gen5", autoPauseDelay: 60 }),
      ["skuName", "autoPauseDelay"].map(
        (name) =>
          `quantemplate:sql.${name}: expects nothing, because the pool existing.elasticPool has the size`,
      ),
    );
    assert.deepEqual(found({ elasticPool, sqlServer: `${group}/Microsoft.Sql/servers/two` }, {}), [
      `quantemplate:existing.elasticPool: expects a pool of sqlServer; this one is of ${server}`,
    ]);
  });

  it("takes zones that somebody links: those of a given network, or a policy's", () => {
    const group =
      "/subscriptions/00000000-0000-0000-0000-00000000005b/resourceGroups/rg/providers/Microsoft.Network";
    const zone = (name: string) => `${group}/privateDnsZones/privatelink.${name}`;
    const sql = zone("database.windows.net");
    const zones = { sql, vault: zone("vaultcore.azure.net"), blob: zone("blob.core.windows.net") };
    const subnet = (name: string) => `${group}/virtualNetworks/v/subnets/${name}`;
    const subnets = { functionSubnet: subnet("function"), endpointsSubnet: subnet("endpoints") };
    const found = (existing: object) => mistakes({ "quantemplate:existing": JSON.stringify(existing) });
    assert.deepEqual(found({ ...subnets, privateDnsZones: zones }), []);
    assert.deepEqual(found({ privateDnsZones: { managedByPolicy: true } }), []);
    assert.match(
      found({ privateDnsZones: { sql } })[0] ?? "",
      /^quantemplate:existing\.privateDnsZones\.sql: .*the program links its own zones only/,
    );
    assert.match(
      found({ ...subnets, privateDnsZones: { sql, managedByPolicy: true } })[0] ?? "",
      /no zone beside managedByPolicy/,
    );
  });

  it("reports every mistake at once, each with its key and what is expected", () => {
    const found = mistakes({
      "azure-native:location": "West Europe",
      "quantemplate:clientSecret": undefined,
      "quantemplate:organisationId": undefined,
      "quantemplate:datsets": "[]",
      "quantemplate:apiUrl": "ftp://example.com",
      "quantemplate:function": JSON.stringify({ memoryMb: 1000, nodeVersion: "18" }),
      "quantemplate:runbook": JSON.stringify({ waitForEnd: "yes" }),
      "quantemplate:sql": JSON.stringify({ autoPauseDelay: 5 }),
      "quantemplate:webhookExpiry": "tomorrow",
      "quantemplate:protect": "yes",
      ...datasets({
        id: "d/1",
        table: "t",
        types: { Premium: { type: "decimal(39,2)" } },
        guards: { maxShrinkPercent: 101 },
      }),
    });
    const expected = [
      /^azure-native:location: expects a region/,
      /^quantemplate:clientSecret: expects the API client's secret, set with --secret$/,
      /^quantemplate:organisationId: expects the organisation's id/,
      /^quantemplate:datsets: is not a setting; check its spelling$/,
      /^quantemplate:apiUrl: expects an https address/,
      /^quantemplate:function\.memoryMb: expects 512, 2048 or 4096$/,
      /^quantemplate:function\.nodeVersion: expects "22" or "24"$/,
      /^quantemplate:runbook\.waitForEnd: expects true or false$/,
      /^quantemplate:sql\.autoPauseDelay: expects minutes from 15 to 10080, or -1 for never$/,
      /^quantemplate:webhookExpiry: expects a date/,
      /^quantemplate:protect: expects true or false$/,
      /^quantemplate:datasets\[0\]\.id: expects a Quantemplate dataset id/,
      /^quantemplate:datasets\[0\]\.types\.Premium\.type: expects text, int, bigint, decimal/,
      /^quantemplate:datasets\[0\]\.guards\.maxShrinkPercent: expects a whole number from 0 to 100$/,
    ];
    for (const pattern of expected)
      assert.ok(
        found.some((line) => pattern.test(line)),
        `${pattern}\n${found.join("\n")}`,
      );
    assert.equal(found.length, expected.length, found.join("\n"));
  });

  it("reports the stack, the number of mistakes and the next command", () => {
    assert.throws(
      () => parseTenantConfig(tenantConfig({ "quantemplate:clientId": undefined }), "acme"),
      (error: unknown) =>
        error instanceof QtError &&
        /1 mistake/.test(error.message) &&
        /pulumi config set .* -s acme/.test(error.next),
    );
  });

  it("normalises table names as Fivetran does, and refuses two that become one", () => {
    const config = parseTenantConfig(
      tenantConfig(datasets({ id: "d-1", table: "Premium Bordereau" })),
      "acme",
    );
    assert.equal(config.datasets[0]?.table, "premium_bordereau");
    assert.deepEqual(
      mistakes(datasets({ id: "d-1", table: "PremiumBordereau" }, { id: "d-2", table: "premium-bordereau" })),
      [
        'quantemplate:datasets[1].table (dataset d-2): expects a unique table; "PremiumBordereau" and "premium-bordereau" are both premium_bordereau',
      ],
    );
  });

  it("refuses a duplicate id, and two key columns that become one column", () => {
    assert.deepEqual(
      mistakes(
        datasets({ id: "d-1", table: "a", keyColumns: ["Line No", "line_no"] }, { id: "d-1", table: "b" }),
      ),
      [
        'quantemplate:datasets[1].id: expects a unique id; "d-1" is already used',
        'quantemplate:datasets[0].keyColumns[1] (dataset d-1): expects a unique column; "Line No" and "line_no" are both line_no',
      ],
    );
  });

  it("refuses headers that would become a reserved column, with both names", () => {
    const found = mistakes(
      datasets(
        {
          id: "d-1",
          table: "a",
          keyColumns: ["Id", "_Fivetran Synced"],
          types: { _Version: { type: "int" } },
        },
        { id: "d-2", table: "b", types: { "QT Row-ID": { type: "int" } } },
      ),
    );
    assert.deepEqual(found, [
      'quantemplate:datasets[0].keyColumns[1] (dataset d-1): expects another header; "_Fivetran Synced" would become _fivetran_synced, which is reserved',
      'quantemplate:datasets[0].types._Version (dataset d-1): expects another header; "_Version" would become _version, which is reserved',
      'quantemplate:datasets[1].types["QT Row-ID"] (dataset d-2): expects another header; "QT Row-ID" would become qt_row_id, which is reserved',
    ]);
    // If the dataset has a key, no column of that name is added.
    assert.deepEqual(mistakes(datasets({ id: "d-1", table: "a", keyColumns: ["qt_row_id"] })), []);
  });

  it("reports clashes together with other mistakes", () => {
    const found = mistakes({
      "quantemplate:clientId": undefined,
      ...datasets({ id: "d-1", table: "a" }, { id: "d-2", table: "A", keyColumns: "Id" }),
    });
    assert.equal(found.length, 3, found.join("\n"));
  });

  it("writes the key of a header with a blank as `pulumi config set --path` takes it", () => {
    const [line] = mistakes(datasets({ id: "d-1", table: "a", types: { "Sum Insured": { type: "money" } } }));
    assert.match(
      line ?? "",
      /^quantemplate:datasets\[0\]\.types\["Sum Insured"\]\.type \(dataset d-1\): expects text/,
    );
  });

  it("takes plain http for an emulator on this machine only", () => {
    assert.deepEqual(mistakes({ "quantemplate:apiUrl": "http://127.0.0.1:8080/quantemplate/" }), []);
    assert.equal(mistakes({ "quantemplate:apiUrl": "http://10.0.0.1/" }).length, 1);
  });

  it("refuses a list or an object if text is expected", () => {
    for (const value of ['["a","b"]', '{"a":1}', "[1]"]) {
      assert.match(
        mistakes({ "quantemplate:clientId": value })[0] ?? "none",
        /^quantemplate:clientId: expects/,
      );
      assert.deepEqual(mistakes({ "quantemplate:deploymentSalt": value }), [
        "quantemplate:deploymentSalt: expects text",
      ]);
    }
    for (const text of ["1", "true", "null", "[secret]", '"x"']) {
      assert.deepEqual(mistakes({ "quantemplate:deploymentSalt": text }), [], text);
    }
  });

  it("refuses a client id with a blank in it", () => {
    assert.equal(mistakes({ "quantemplate:clientId": "acme azure" }).length, 1);
  });

  it("requires a mail address for a budget", () => {
    const budget = JSON.stringify({ monthlyAmount: 100, startDate: "2027-01-01" });
    assert.match(
      mistakes({ "quantemplate:budget": budget })[0] ?? "",
      /^quantemplate:alertEmail: expects a mail address/,
    );
  });

  it("takes Pulumi.dev.yaml with a secret added", () => {
    const values = flatConfig(readTenant(join(__dirname, ".."), "dev"));
    const { "quantemplate:sqlAdmin": sqlAdmin = "" } = tenantConfig();
    const given = { "quantemplate:clientSecret": "s", "quantemplate:sqlAdmin": sqlAdmin };
    const config = parseTenantConfig({ ...values, ...given }, "dev");
    assert.equal(config.location, "westeurope");
    assert.deepEqual(
      config.datasets.map(({ id, table }) => [id, table]),
      [
        ["d-bordereau-premium", "premium_bordereau"],
        ["d-claims-notes", "claims_notes"],
      ],
    );
    assert.equal(config.protect, false);
  });

  it("gives the settings despite a missing secret, and for no other mistake", () => {
    const check = (changes: Record<string, string | undefined>) => {
      const { settings, mistakes } = checkTenantConfig(tenantConfig(changes));
      return [settings?.organisationId, mistakes.length];
    };
    assert.deepEqual(check({}), ["org-1", 0]);
    assert.deepEqual(check({ "quantemplate:clientSecret": undefined }), ["org-1", 1]);
    assert.deepEqual(check({ "quantemplate:clientSecret": "" }), ["org-1", 1]);
    assert.deepEqual(check({ "azure-native:location": "!" }), [undefined, 1]);
    assert.deepEqual(check({ "quantemplate:clientId": undefined }), [undefined, 1]);
    assert.deepEqual(check(datasets({ id: "d", table: "a" }, { id: "d", table: "b" })), [undefined, 1]);
    assert.throws(
      () => parseTenantConfig(tenantConfig({ "quantemplate:clientSecret": undefined }), "acme"),
      (error: unknown) =>
        error instanceof QtError && error.details.stack === "acme" && error.details.count === 1,
    );
  });

  it("gives each valid setting with its defaults, and any other unchanged, if it is read leniently", () => {
    const {
      location,
      protect,
      sql,
      function: size,
      clientSecret,
    } = lenientSettings(
      tenantConfig({
        "quantemplate:protect": "encrypted",
        "quantemplate:sql": '{"capacity":2}',
        "quantemplate:function": '{"memoryMb":1}',
      }),
    );
    assert.deepEqual([location, protect, clientSecret], ["westeurope", "encrypted", undefined]);
    assert.deepEqual((sql as { capacity: number; maxSizeGb: number }).capacity, 2);
    assert.deepEqual((sql as { maxSizeGb: number }).maxSizeGb, 32);
    assert.deepEqual(size, { memoryMb: 1 });
  });

  it("refuses two typed columns that become one column", () => {
    const types = { "Line No": { type: "int" }, line_no: { type: "int" }, other: { type: "int" } };
    assert.deepEqual(mistakes(datasets({ id: "d-1", table: "a", types })), [
      'quantemplate:datasets[0].types (dataset d-1): expects a unique column; "Line No" and "line_no" are both line_no',
    ]);
  });

  describe("of single headers", () => {
    const one = (entry: object) =>
      mistakes(datasets({ id: "d-1", table: "a", ...entry })).map((line) =>
        line.replace("quantemplate:datasets[0].", "").replace(" (dataset d-1)", ""),
      );

    it("takes names and exclusions that are apart", () => {
      const columns = { "Premium (£)": "premium_gbp", "Premium ($)": "premium_", _Version: "version_no" };
      const types = {
        "Premium (£)": { type: "int" },
        "Premium ($)": { type: "int" },
        _Version: { type: "int" },
      };
      assert.deepEqual(one({ columns, types, keyColumns: ["_Version"], exclude: ["SSN", "Tax No"] }), []);
      assert.deepEqual(one({ columns: { "A-B": "x", "A/B": "y" }, keyColumns: ["A-B", "A/B"] }), []);
    });

    it("refuses two headers with one name, and a header that is named twice", () => {
      assert.deepEqual(one({ columns: { A: "x", B: "x" } }), [
        'columns.B: expects a unique name; "A" and "B" are both x',
      ]);
      assert.deepEqual(one({ columns: { A: "x", "A ": "y" }, exclude: ["B", "B"] }), [
        'columns["A "]: expects a unique header; "A" and "A " are both A',
        'exclude[1]: expects a unique header; "B" is already used',
      ]);
    });

    it("refuses a header that is named and excluded, in whatever spelling", () => {
      for (const excluded of ["SSN", "ssn ", "S.S.N."])
        assert.deepEqual(one({ columns: { SSN: "social" }, exclude: [excluded] }), [
          "exclude[0]: expects a header that columns does not name",
        ]);
    });

    it("refuses a key column and a type that are excluded", () => {
      const exclude = ["SSN", "Tax No"];
      assert.deepEqual(one({ exclude, keyColumns: ["Id", "ssn"], types: { "Tax No": { type: "int" } } }), [
        "keyColumns[1]: expects a header that is not excluded",
        'types["Tax No"]: expects a header that is not excluded',
      ]);
    });

    it("refuses key columns and types that become one column by a name", () => {
      const columns = { "Premium (£)": "premium" };
      const both = ["Premium (£)", "Premium"];
      assert.deepEqual(
        one({ columns, keyColumns: both, types: Object.fromEntries(both.map((h) => [h, { type: "int" }])) }),
        [
          'keyColumns[1]: expects a unique column; "Premium (£)" and "Premium" are both premium',
          'types: expects a unique column; "Premium (£)" and "Premium" are both premium',
        ],
      );
    });

    it("refuses a key column and a type in another spelling than the name's", () => {
      const columns = { "Premium (£)": "premium" };
      const types = { "PREMIUM £": { type: "int" } };
      assert.deepEqual(one({ columns, keyColumns: ["premium (£)"], types }), [
        'keyColumns[0]: expects the header as columns has it, "Premium (£)"',
        'types["PREMIUM £"]: expects the header as columns has it, "Premium (£)"',
      ]);
      // Without a letter, a digit or a sign there is nothing to be alike in.
      assert.deepEqual(one({ columns: { "--": "dash" }, exclude: ["-"] }), []);
    });

    it("refuses a name for the header __proto__, which the schema cannot see", () => {
      const entry = '[{"id":"d-1","table":"a","columns":{"__proto__":"x"}}]';
      assert.deepEqual(mistakes({ "quantemplate:datasets": entry }), [
        "quantemplate:datasets[0].columns.__proto__ (dataset d-1): expects another header; this one cannot have a name",
      ]);
    });
  });

  for (const reserved of [
    ...["_row_id", "_k8", "_key_hash", "_row_hash", "_version", "_deleted"],
    ...["_fivetran_deleted", "_fivetran_anything", "qt_row_id"],
  ])
    it(`refuses the column ${reserved}, which every landed table or Fivetran adds`, () => {
      const [found, ...others] = mistakes(
        datasets({ id: "d-1", table: "a", types: { [reserved]: { type: "int" } } }),
      );
      assert.match(found ?? "", new RegExp(`"${reserved}" would become ${reserved}, which is reserved$`));
      assert.deepEqual(others, []);
    });

  it("refuses a type for the header __proto__, which the schema cannot see", () => {
    const entry = '[{"id":"d-1","table":"a","types":{"__proto__":{"type":"int"}}}]';
    assert.deepEqual(mistakes({ "quantemplate:datasets": entry }), [
      "quantemplate:datasets[0].types.__proto__ (dataset d-1): expects another header; this one cannot have a type",
    ]);
  });

  it("takes a tag whose name every object inherits, but for __proto__, which the schema cannot see", () => {
    const tags = (name: string) => ({ "quantemplate:tags": `{"${name}":"x"}` });
    const taken = inheritedNames.filter((name) => name !== "__proto__");
    for (const name of taken) assert.deepEqual(mistakes(tags(name)), [], name);
    assert.deepEqual(mistakes(tags("__proto__")), [
      "quantemplate:tags.__proto__: expects another name; this one cannot be a tag's",
    ]);
  });

  it("finds no clash in values that are no datasets", () => {
    const nothing = [
      ...[null, "d", 1, { id: 1, table: null, keyColumns: "Id", types: "Id" }],
      ...[
        { columns: "Id", exclude: "Id" },
        { columns: null, exclude: null },
        { columns: { a: 1, b: 1 }, exclude: [1] },
      ],
    ];
    for (const value of [undefined, "d-1", {}, nothing]) assert.deepEqual(datasetClashes(value), []);
    const members = [
      { keyColumns: [1, null], types: null },
      { keyColumns: [1], types: null },
    ];
    assert.deepEqual(datasetClashes(members), []);
  });

  it("names the dataset of a mistake by its id, unless the id is wrong or missing", () => {
    const table = "_";
    assert.deepEqual(
      mistakes(datasets({ id: "d-1", table }, { id: "d 2", table }, { table })).filter((line) =>
        /table.*: expects a table name/.test(line),
      ),
      [
        "quantemplate:datasets[0].table (dataset d-1): expects a table name with at least one letter or digit",
        "quantemplate:datasets[1].table: expects a table name with at least one letter or digit",
        "quantemplate:datasets[2].table: expects a table name with at least one letter or digit",
      ],
    );
    assert.match(
      mistakes({ "quantemplate:datasets": "[null]" }).join(),
      /^quantemplate:datasets\[0\]: expects /,
    );
  });

  it("writes a path as `pulumi config set --path` takes it", () => {
    assert.equal(
      configKey(["quantemplate:datasets", 10, "types", "Sum Insured", "a_b"]),
      'quantemplate:datasets[10].types["Sum Insured"].a_b',
    );
    assert.equal(configKey(["quantemplate:tags", "a.b", "-"]), 'quantemplate:tags["a.b"]["-"]');
  });

  it("never repeats a secret in a message", () => {
    const found = mistakes({
      "quantemplate:clientSecret": "s3cr3t-value",
      "quantemplate:clientId": undefined,
    });
    assert.ok(!found.join().includes("s3cr3t-value"));
  });
});
