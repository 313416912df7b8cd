import assert from "node:assert/strict";
import { checkTenantConfig, mistakeList } from "./config-check";
import { tenantConfig } from "./testing/tenant";

/** Values as `pulumi config set` stores them: anything but text is JSON. */
const stored = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
const check = (key: string, value: unknown) => {
  // A budget needs somebody who gets the mail.
  const mail = key === "quantemplate:budget" ? { "quantemplate:alertEmail": "data@example.com" } : {};
  return checkTenantConfig(tenantConfig({ ...mail, [key]: stored(value) }));
};
const dataset = (change: object) => [{ id: "d-1", table: "t", ...change }];
const guid = "6f9619ff-8b86-d011-b42d-00cf4fc964ff";
const admin = { login: "Data team", objectId: guid, principalType: "Group" };
const budget = { monthlyAmount: 100, startDate: "2027-01-01" };
const https = "an https address without a query";
const id = (what: string) =>
  `${what}: letters, digits, dots, hyphens and underscores, a letter or digit first`;
const types = "text, int, bigint, decimal(p,s) with p up to 38, float, bit, date or datetime2";
const header = "a column's header as the CSV has it";

/** Each setting: what it takes, and what it refuses with which words. */
const settings: readonly [
  key: string,
  taken: readonly unknown[],
  refused: readonly unknown[],
  words: string,
][] = [
  [
    "azure-native:location",
    ["westeurope", "eastus2"],
    ["West Europe", "westeurope!", "!westeurope", ""],
    "a region such as westeurope",
  ],
  [
    "quantemplate:organisationId",
    ["7", "org-1", "o.r_g"],
    ["-org", "org 1", "org/1", " org", ""],
    id("the organisation's id in Quantemplate"),
  ],
  [
    "quantemplate:clientId",
    ["c", "api-client/1"],
    ["a b", " a", ""],
    "the id of a Quantemplate API client, without a blank",
  ],
  [
    "quantemplate:tokenUrl",
    ["https://id.example.com/token", "http://localhost:80/t", "http://127.0.0.1"],
    [
      "http://id.example.com",
      "https://id.example.com/t?x=1",
      "https://id.example.com/t#x",
      " https://a.b",
      "https://",
      "https://a b",
      "ftp://a.b",
      "http://localhostile/",
      "http://127.0.0.1:x/",
    ],
    https,
  ],
  [
    "quantemplate:apiUrl",
    ["https://api.example.com", "https://api.example.com/v1/"],
    ["api.example.com", "https://a.b/?x"],
    https,
  ],
  ["quantemplate:datasets", [dataset({})], [{}, "d-1"], "a list of datasets"],
  ["quantemplate:datasets", [], [[]], "at least one dataset"],
  ["quantemplate:unknownDatasets", ["ignore", "land"], ["refuse", ""], "ignore or land"],
  [
    "quantemplate:retention",
    [{}, { deletedRowsDays: 1 }, { deletedRowsDays: 3650, retiredTablesDays: 1 }],
    [
      { deletedRowsDays: 0 },
      { deletedRowsDays: 1.5 },
      { retiredTablesDays: 3651 },
      { retiredTablesDays: "90" },
    ],
    "a number of days from 1 to 3650",
  ],
  [
    "quantemplate:sqlAdmin",
    [
      admin,
      { ...admin, login: " x", principalType: "User" },
      { ...admin, objectId: guid.toUpperCase(), principalType: "Application" },
    ],
    [],
    "",
  ],
  [
    "quantemplate:sqlAdmin",
    [],
    ["", "DBAs", null],
    "the Entra group that everybody who deploys is in, as {login: <its name>, objectId: <its object id>}",
  ],
  ["quantemplate:sqlAdmin", [], [{ ...admin, login: " " }], "the display name of the administrator"],
  [
    "quantemplate:sqlAdmin",
    [],
    [
      { ...admin, objectId: `${guid}0` },
      { ...admin, objectId: `x${guid}` },
      { ...admin, objectId: guid.slice(0, -5) },
      { ...admin, objectId: guid.replaceAll("-", "") },
    ],
    "a GUID",
  ],
  ["quantemplate:sqlAdmin", [], [{ ...admin, principalType: "Robot" }], "User, Group or Application"],
  [
    "quantemplate:sql",
    [{}, ...["GP_S_Gen5", "GP_Gen5", "BC_Gen5", "HS_Gen5"].map((skuName) => ({ skuName }))],
    [{ skuName: "S0" }, { skuName: "GP_Gen5_2" }, { skuName: "xGP_Gen5" }],
    "GP_S_Gen5 (serverless), GP_Gen5, BC_Gen5 or HS_Gen5",
  ],
  [
    "quantemplate:sql",
    [{ capacity: 1 }, { capacity: 80 }],
    [{ capacity: 0 }, { capacity: 81 }, { capacity: 1.5 }, { capacity: "2" }],
    "a number of vCores from 1 to 80",
  ],
  [
    "quantemplate:sql",
    [{ minCapacity: 0.5 }, { capacity: 4, minCapacity: 4 }],
    [{ minCapacity: 0.49 }],
    "at least 0.5 vCores",
  ],
  ["quantemplate:sql", [], [{ minCapacity: "1" }], "a number of vCores"],
  [
    "quantemplate:sql",
    [{ autoPauseDelay: -1 }, { autoPauseDelay: 15 }, { autoPauseDelay: 10_080 }],
    [{ autoPauseDelay: 14 }, { autoPauseDelay: 10_081 }, { autoPauseDelay: 0 }, { autoPauseDelay: 15.5 }],
    "minutes from 15 to 10080, or -1 for never",
  ],
  [
    "quantemplate:sql",
    [{ maxSizeGb: 1 }, { capacity: 80, maxSizeGb: 4096 }],
    [{ maxSizeGb: 0 }, { maxSizeGb: 4097 }],
    "a size from 1 to 4096 GB",
  ],
  [
    "quantemplate:sql",
    ["Local", "Zone", "Geo"].map((backupRedundancy) => ({ backupRedundancy })),
    [{ backupRedundancy: "None" }],
    "Local, Zone or Geo",
  ],
  [
    "quantemplate:function",
    [512, 2048, 4096].map((memoryMb) => ({ memoryMb })),
    [{ memoryMb: 1024 }, { memoryMb: "2048" }],
    "512, 2048 or 4096",
  ],
  [
    "quantemplate:function",
    [{ maximumInstances: 1 }, { maximumInstances: 1000 }],
    [{ maximumInstances: 0 }, { maximumInstances: 1001 }],
    "a whole number from 1 to 1000",
  ],
  [
    "quantemplate:function",
    [{ nodeVersion: "22" }, { nodeVersion: "24" }],
    [{ nodeVersion: "20" }, { nodeVersion: 22 }],
    '"22" or "24"',
  ],
  [
    "quantemplate:function",
    [{ memoryMb: 512, maximumPageMb: 20 }, { maximumPageMb: 50 }],
    [{ memoryMb: 512, maximumPageMb: 21 }],
    "at most 20 with memoryMb 512: building a page takes 25 times its size",
  ],
  [
    "quantemplate:function",
    [{ maximumPageMb: 1 }, { maximumPageMb: 50 }],
    [{ maximumPageMb: 0 }, { maximumPageMb: 51 }],
    "a whole number from 1 to 50",
  ],
  [
    "quantemplate:function",
    [{ rollingUpdates: true }, { rollingUpdates: false }],
    [{ rollingUpdates: "RollingUpdate" }],
    "true or false",
  ],
  [
    "quantemplate:runbook",
    [{ waitForEnd: true }, { waitForEnd: false }],
    [{ waitForEnd: "true" }],
    "true or false",
  ],
  [
    "quantemplate:webhookExpiry",
    ["2035-12-31", "2035-12-31T00:00:00Z"],
    ["31.12.2027", "2027-13-31", "2027-12-31T00:00:00", "x2027-12-31", "2027-12-31 or later"],
    "a date such as 2027-12-31 or 2027-12-31T00:00:00Z",
  ],
  [
    "quantemplate:network",
    ["public", "private", { mode: "private", addressSpace: "10.1.0.0/24", functionAllowList: [] }],
    ["closed", { mode: "public" }, { addressSpace: "10.1.0.0/24" }],
    "public, private, or an object {mode: private, addressSpace, functionAllowList, keepPublic}",
  ],
  ["quantemplate:alertEmail", ["data@example.com"], ["data", "data@"], "a mail address"],
  [
    "quantemplate:budget",
    [budget, { ...budget, monthlyAmount: 0.01 }],
    [
      { ...budget, monthlyAmount: 0 },
      { ...budget, monthlyAmount: "9" },
    ],
    "an amount above 0",
  ],
  [
    "quantemplate:budget",
    [],
    [
      { ...budget, startDate: "2027-01-02" },
      { ...budget, startDate: "x2027-01-01" },
      { ...budget, startDate: "2027-01-01T00" },
    ],
    "the first day of a month, such as 2027-01-01",
  ],
  ["quantemplate:tags", [{}, { ring: "canary" }], [{ ring: 1 }], "text"],
  ["quantemplate:tags", [], ["canary", ["canary"]], "an object of texts"],
  ["quantemplate:deploymentSalt", ["", "again"], [["a"]], "text"],
  ["quantemplate:protect", [true, false], ["yes", 1], "true or false"],
  [
    "quantemplate:datasets",
    [dataset({ id: "1" }), dataset({ id: "a".repeat(200) })],
    [dataset({ id: "a".repeat(201) }), dataset({ id: ".a" }), dataset({ id: 1 })],
    id("a Quantemplate dataset id"),
  ],
  [
    "quantemplate:datasets",
    [dataset({ table: "t" }), dataset({ table: " T 1 " })],
    [dataset({ table: " " }), dataset({ table: 1 })],
    "a table name",
  ],
  [
    "quantemplate:datasets",
    [],
    [dataset({ table: "_" }), dataset({ table: "–" })],
    "a table name with at least one letter or digit",
  ],
  [
    "quantemplate:datasets",
    [dataset({ table: "t".repeat(60) })],
    [dataset({ table: "t".repeat(61) })],
    "a table name of at most 60 bytes",
  ],
  [
    "quantemplate:datasets",
    [dataset({ keyColumns: ["a", "b"] })],
    [dataset({ keyColumns: "a" })],
    "a list of headers (empty if the dataset has no key)",
  ],
  [
    "quantemplate:datasets",
    [dataset({ keyColumns: ["h".repeat(200)] })],
    [dataset({ keyColumns: [""] }), dataset({ keyColumns: [1] })],
    header,
  ],
  [
    "quantemplate:datasets",
    [],
    [dataset({ keyColumns: ["h".repeat(201)] })],
    "a header of at most 200 characters",
  ],
  [
    "quantemplate:datasets",
    [],
    [dataset({ types: ["int"] }), dataset({ types: "int" })],
    "an object from headers to {type, onError, format, thousands, decimal, percent}",
  ],
  [
    "quantemplate:datasets",
    [
      "text",
      "int",
      "bigint",
      "float",
      "bit",
      "date",
      "datetime2",
      "decimal(1,0)",
      "decimal(10,10)",
      "decimal(38,37)",
      "decimal(29,5)",
    ].map((type) => dataset({ types: { a: { type } } })),
    [
      "money",
      "xint",
      "integer",
      "decimal(0,0)",
      "decimal(39,1)",
      "decimal(38,39)",
      "decimal(10)",
      "decimal(10, 2)",
      "decimal(10,2) ",
    ].map((type) => dataset({ types: { a: { type } } })),
    types,
  ],
  [
    "quantemplate:datasets",
    [],
    ["decimal(2,3)", "decimal(9,10)", "decimal(10,38)"].map((type) => dataset({ types: { a: { type } } })),
    "a decimal(p,s) whose scale s is not above its precision p",
  ],
  [
    "quantemplate:datasets",
    ["fail", "null"].map((onError) => dataset({ types: { a: { type: "int", onError } } })),
    [dataset({ types: { a: { type: "int", onError: "skip" } } })],
    "fail or null",
  ],
  [
    "quantemplate:datasets",
    [
      dataset({ types: { a: { type: "date", format: "dd/MM/yyyy" } } }),
      dataset({ types: { a: { type: "datetime2", format: "d-MMM-yyyy H:mm:ss.fff" } } }),
      dataset({ types: { a: { type: "decimal(18,2)", thousands: ".", decimal: ",", percent: true } } }),
      dataset({ types: { a: { type: "bigint", thousands: "\u202f" } } }),
    ],
    [dataset({ types: { a: { type: "date", format: "dd/MM/yy" } } })],
    "a year of four digits (yyyy), because the century of two would be a guess",
  ],
  [
    "quantemplate:datasets",
    [],
    [dataset({ types: { a: { type: "float", thousands: "_" } } })],
    "a comma, a point, a blank, an apostrophe or a no-break space",
  ],
  [
    "quantemplate:datasets",
    [],
    [
      dataset({ types: { a: { type: "float", thousands: "." } } }),
      dataset({ types: { a: { type: "float", thousands: ".", decimal: "." } } }),
    ],
    'another sign than decimal, which is "."',
  ],
  [
    "quantemplate:datasets",
    [dataset({ columns: { "%": "a" } }), dataset({ columns: { ["h".repeat(200)]: "premium_2_" } })],
    ["A", "1a", "_a", "a__b", "a-b", "a b", "ä", "", 1, null].map((name) =>
      dataset({ columns: { a: name } }),
    ),
    "a column's name: lower-case letters, digits and single underscores, a letter first",
  ],
  [
    "quantemplate:datasets",
    [dataset({ columns: { a: "n".repeat(60) } })],
    [dataset({ columns: { a: "n".repeat(61) } })],
    "a column's name of at most 60 bytes",
  ],
  [
    "quantemplate:datasets",
    [dataset({ columns: { a: "qt_row_ids" } })],
    [dataset({ columns: { a: "qt_row_id" } })],
    "another name than qt_row_id, which is reserved",
  ],
  [
    "quantemplate:datasets",
    [],
    [dataset({ columns: ["a"] }), dataset({ columns: "a" })],
    "an object from headers to column names",
  ],
  [
    "quantemplate:datasets",
    [dataset({ exclude: ["a", "h".repeat(200)] })],
    [dataset({ exclude: "a" })],
    "a list of headers (empty if every column lands)",
  ],
  ["quantemplate:datasets", [], [dataset({ exclude: [""] }), dataset({ exclude: [1] })], header],
  [
    "quantemplate:datasets",
    [dataset({ guards: { maxShrinkPercent: 0 } }), dataset({ guards: { maxShrinkPercent: 100 } })],
    [dataset({ guards: { maxShrinkPercent: -1 } }), dataset({ guards: { maxShrinkPercent: 100.5 } })],
    "a whole number from 0 to 100",
  ],
  [
    "quantemplate:datasets",
    [
      dataset({ guards: { maxColumnChangePercent: 0 } }),
      dataset({ guards: { maxColumnChangePercent: 100 } }),
    ],
    [
      dataset({ guards: { maxColumnChangePercent: -1 } }),
      dataset({ guards: { maxColumnChangePercent: 101 } }),
    ],
    "a whole number from 0 to 100",
  ],
  [
    "quantemplate:datasets",
    [dataset({ guards: { allowEmpty: true } })],
    [dataset({ guards: { allowEmpty: "yes" } })],
    "true or false",
  ],
];

describe("the settings of a tenant", () => {
  for (const [key, taken, refused, words] of settings) {
    for (const value of taken)
      it(`take ${stored(value).slice(0, 90)} as ${key}`, () => {
        const { mistakes } = check(key, value);
        assert.equal(mistakeList(mistakes), "");
      });
    for (const value of refused)
      it(`refuse ${stored(value).slice(0, 90)} as ${key}`, () => {
        const { settings: parsed, mistakes } = check(key, value);
        assert.equal(parsed, undefined);
        assert.deepEqual([...new Set(mistakes.map(({ message }) => message))], [`expects ${words}`]);
      });
  }

  it("refuse members that do not exist, at every depth", () => {
    for (const [key, value] of Object.entries({
      "quantemplate:sql": { size: 1 },
      "quantemplate:function": { size: 1 },
      "quantemplate:runbook": { size: 1 },
      "quantemplate:sqlAdmin": { ...admin, size: 1 },
      "quantemplate:budget": { ...budget, size: 1 },
      "quantemplate:datasets": dataset({
        size: 1,
        guards: { size: 1 },
        types: { a: { type: "int", size: 1 } },
      }),
    })) {
      const { mistakes } = check(key, value);
      assert.ok(mistakes.length > 0, key);
      for (const { path, message } of mistakes)
        assert.deepEqual([path.at(-1), message], ["size", "is not a setting; check its spelling"]);
    }
  });

  it("have defaults", () => {
    const { settings: parsed } = checkTenantConfig(tenantConfig());
    const { organisationId, clientId, datasets, location, ...defaults } = parsed ?? assert.fail();
    assert.deepEqual(defaults, {
      tokenUrl: "https://accounts.prod.quantemplate.com/auth/realms/qt/protocol/openid-connect/token",
      apiUrl: "https://api.prod.quantemplate.com/",
      unknownDatasets: "ignore",
      sqlAdmin: {
        login: "Database administrators",
        objectId: "00000000-0000-0000-0000-00000000ad31",
        principalType: "Group",
      },
      sql: {
        skuName: "GP_S_Gen5",
        capacity: 1,
        minCapacity: 0.5,
        autoPauseDelay: 15,
        maxSizeGb: 32,
        auditing: true,
      },
      function: { memoryMb: 2048, maximumInstances: 40, nodeVersion: "24", rollingUpdates: false },
      runbook: { waitForEnd: false },
      reconcile: { timeZone: "UTC" },
      rotation: { webhook: { generation: 1 }, functionKey: { generation: 1 } },
      network: "public",
      existing: {},
      move: { automationAccount: { generation: 1 }, database: { generation: 1 } },
      names: {},
      tags: {},
      policyTags: [],
      deploymentSalt: "",
      emulatorOnly: false,
      retired: false,
      protect: true,
    });
  });

  it("end Quantemplate's address with one slash, because Data Factory joins without one", () => {
    for (const [given, taken] of [
      ["https://a.b", "https://a.b/"],
      ["https://a.b/v1/", "https://a.b/v1/"],
    ])
      assert.equal(check("quantemplate:apiUrl", given).settings?.apiUrl, taken);
  });
});
