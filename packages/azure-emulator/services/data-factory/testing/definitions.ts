/** A factory's objects in Studio's form. */
export interface Definitions {
  readonly globalParameters: Readonly<Record<string, string>>;
  readonly objects: readonly {
    readonly kind: "linkedservices" | "datasets" | "pipelines" | "triggers";
    readonly name: string;
    readonly properties: Readonly<Record<string, unknown>>;
  }[];
}

const expression = (value: string) => ({ value, type: "Expression" });
const linked = (referenceName: string, parameters: object = {}) => ({
  referenceName,
  type: "LinkedServiceReference",
  parameters,
});
const after = (activity: string) => [{ activity, dependencyConditions: ["Succeeded"] }];

/** Copies a customer's orders from a web shop into a database. @param url address of the shop and the vault */
export const copyOrders = (url: string): Definitions => ({
  globalParameters: { shopUrl: `${url}/`, secretUrl: `${url}/vault/secrets/word`, server: "127.0.0.1,14330" },
  objects: [
    {
      kind: "linkedservices",
      name: "shop_sql",
      properties: {
        type: "AzureSqlDatabase",
        parameters: { server: { type: "string" } },
        typeProperties: {
          server: "@{linkedService().server}",
          database: "shop",
          encrypt: "mandatory",
          authenticationType: "SystemAssignedManagedIdentity",
        },
      },
    },
    {
      kind: "linkedservices",
      name: "shop_web",
      properties: {
        type: "HttpServer",
        parameters: { url: { type: "string" } },
        typeProperties: { url: "@{linkedService().url}", authenticationType: "Anonymous" },
      },
    },
    {
      kind: "datasets",
      name: "orders_csv",
      properties: {
        type: "DelimitedText",
        linkedServiceName: linked("shop_web", { url: expression("@dataset().url") }),
        parameters: { url: { type: "string" }, path: { type: "string" } },
        typeProperties: {
          location: { type: "HttpServerLocation", relativeUrl: expression("@dataset().path") },
          columnDelimiter: ",",
          escapeChar: '"',
          quoteChar: '"',
          firstRowAsHeader: true,
        },
      },
    },
    {
      kind: "datasets",
      name: "orders_table",
      properties: {
        type: "AzureSqlTable",
        linkedServiceName: linked("shop_sql", { server: expression("@dataset().server") }),
        parameters: { server: { type: "string" } },
        typeProperties: { tableName: "shop.orders" },
      },
    },
    {
      kind: "pipelines",
      name: "copy_orders",
      properties: {
        concurrency: 4,
        parameters: { Customer: { type: "string" }, Full: { type: "string", defaultValue: "false" } },
        activities: [
          {
            name: "GetWord",
            type: "WebActivity",
            policy: { secureOutput: true },
            typeProperties: {
              method: "GET",
              url: expression("@pipeline().globalParameters.secretUrl"),
              authentication: { type: "MSI", resource: "https://vault.azure.net" },
            },
          },
          {
            name: "CopyOrders",
            type: "Copy",
            dependsOn: after("GetWord"),
            policy: { secureInput: true },
            typeProperties: {
              source: {
                type: "DelimitedTextSource",
                storeSettings: {
                  type: "HttpReadSettings",
                  requestMethod: "GET",
                  additionalHeaders: expression("Authorization: Bearer @{activity('GetWord').output.value}"),
                },
                formatSettings: { type: "DelimitedTextReadSettings" },
              },
              sink: { type: "AzureSqlSink", writeBehavior: "insert", tableOption: "autoCreate" },
            },
            inputs: [
              {
                referenceName: "orders_csv",
                type: "DatasetReference",
                parameters: {
                  url: expression("@pipeline().globalParameters.shopUrl"),
                  path: expression("@concat('orders/', uriComponent(pipeline().parameters.Customer))"),
                },
              },
            ],
            outputs: [
              {
                referenceName: "orders_table",
                type: "DatasetReference",
                parameters: { server: expression("@pipeline().globalParameters.server") },
              },
            ],
          },
          {
            name: "Publish",
            type: "SqlServerStoredProcedure",
            dependsOn: after("CopyOrders"),
            linkedServiceName: linked("shop_sql", {
              server: expression("@pipeline().globalParameters.server"),
            }),
            typeProperties: {
              storedProcedureName: "shop.publish",
              storedProcedureParameters: {
                run_id: { value: expression("@pipeline().RunId"), type: "String" },
              },
            },
          },
        ],
      },
    },
    {
      kind: "triggers",
      name: "copy_orders_daily",
      properties: {
        type: "ScheduleTrigger",
        pipelines: [
          {
            pipelineReference: { referenceName: "copy_orders", type: "PipelineReference" },
            parameters: { Customer: "ann" },
          },
        ],
        typeProperties: {
          recurrence: { frequency: "Day", interval: 1, startTime: "2026-01-01T02:00:00Z", timeZone: "UTC" },
        },
      },
    },
  ],
});
