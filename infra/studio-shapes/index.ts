import type { input } from "@pulumi/azure-native/types";
import { activities } from "./activities";
import {
  any,
  type Exactly,
  type FamilyName,
  type Fields,
  list,
  map,
  oneOf,
  part,
  type Rest,
  refused,
  type TypedShape,
} from "./field";

const linkedService = {
  type: any,
  description: any,
  version: any,
  annotations: any,
  connectVia: part("IntegrationRuntimeReference"),
  parameters: map(part("Parameter")),
};
const dataset = {
  type: any,
  description: any,
  annotations: any,
  folder: part("DatasetFolder"),
  linkedServiceName: part("LinkedServiceReference"),
  parameters: map(part("Parameter")),
  schema: any,
  structure: any,
};
const trigger = { type: any, description: any, annotations: any, pipelines: list(part("TriggerPipeline")) };

/** Kinds of objects that Studio writes with `typeProperties`, by their `type`. */
export const typedFamilies = {
  activity: activities,
  linkedService: {
    HttpServer: {
      beside: linkedService,
      inside: {
        url: any,
        authenticationType: any,
        enableServerCertificateValidation: any,
        userName: any,
        password: refused,
        authHeaders: any,
        embeddedCertData: any,
        certThumbprint: any,
        encryptedCredential: any,
      } satisfies Rest<input.datafactory.HttpLinkedServiceArgs, typeof linkedService>,
    },
    AzureSqlDatabase: {
      beside: linkedService,
      inside: {
        server: any,
        database: any,
        authenticationType: any,
        encrypt: any,
        trustServerCertificate: any,
        hostNameInCertificate: any,
        commandTimeout: any,
        connectTimeout: any,
        connectRetryCount: any,
        connectRetryInterval: any,
        loadBalanceTimeout: any,
        packetSize: any,
        pooling: any,
        minPoolSize: any,
        maxPoolSize: any,
        multipleActiveResultSets: any,
        multiSubnetFailover: any,
        failoverPartner: any,
        applicationIntent: any,
        integratedSecurity: any,
        connectionString: any,
        userName: any,
        password: refused,
        azureCloudType: any,
        tenant: any,
        servicePrincipalId: any,
        servicePrincipalKey: refused,
        servicePrincipalCredential: refused,
        servicePrincipalCredentialType: any,
        credential: refused,
        encryptedCredential: any,
        alwaysEncryptedSettings: refused,
      } satisfies Rest<input.datafactory.AzureSqlDatabaseLinkedServiceArgs, typeof linkedService>,
    },
    AzureKeyVault: {
      beside: linkedService,
      inside: { baseUrl: any, credential: refused } satisfies Rest<
        input.datafactory.AzureKeyVaultLinkedServiceArgs,
        typeof linkedService
      >,
    },
  },
  dataset: {
    DelimitedText: {
      beside: dataset,
      inside: {
        location: oneOf("location"),
        columnDelimiter: any,
        rowDelimiter: any,
        quoteChar: any,
        escapeChar: any,
        firstRowAsHeader: any,
        nullValue: any,
        encodingName: any,
        compressionCodec: any,
        compressionLevel: any,
      } satisfies Rest<input.datafactory.DelimitedTextDatasetArgs, typeof dataset>,
    },
    AzureSqlTable: {
      beside: dataset,
      inside: { tableName: any, table: any } satisfies Rest<
        input.datafactory.AzureSqlTableDatasetArgs,
        typeof dataset
      >,
    },
  },
  trigger: {
    ScheduleTrigger: {
      beside: trigger,
      inside: { recurrence: part("Recurrence") } satisfies Rest<
        input.datafactory.ScheduleTriggerArgs,
        typeof trigger
      >,
    },
  },
} satisfies Partial<Record<FamilyName, Record<string, TypedShape>>>;

/** Kinds of parts that have no `typeProperties`, by their `type`. */
export const flatFamilies = {
  source: {
    DelimitedTextSource: {
      type: any,
      storeSettings: oneOf("storeSettings"),
      formatSettings: oneOf("formatSettings"),
      additionalColumns: any,
      sourceRetryCount: any,
      sourceRetryWait: any,
      maxConcurrentConnections: any,
      disableMetricsCollection: any,
    } satisfies Exactly<input.datafactory.DelimitedTextSourceArgs>,
    AzureSqlSource: {
      type: any,
      sqlReaderQuery: any,
      sqlReaderStoredProcedureName: any,
      storedProcedureParameters: any,
      isolationLevel: any,
      queryTimeout: any,
      partitionOption: any,
      partitionSettings: refused,
      produceAdditionalTypes: any,
      additionalColumns: any,
      sourceRetryCount: any,
      sourceRetryWait: any,
      maxConcurrentConnections: any,
      disableMetricsCollection: any,
    } satisfies Exactly<input.datafactory.AzureSqlSourceArgs>,
  },
  sink: {
    AzureSqlSink: {
      type: any,
      preCopyScript: any,
      tableOption: any,
      writeBehavior: any,
      upsertSettings: refused,
      sqlWriterUseTableLock: any,
      sqlWriterStoredProcedureName: any,
      sqlWriterTableType: any,
      storedProcedureParameters: any,
      storedProcedureTableTypeParameterName: any,
      writeBatchSize: any,
      writeBatchTimeout: any,
      sinkRetryCount: any,
      sinkRetryWait: any,
      maxConcurrentConnections: any,
      disableMetricsCollection: any,
    } satisfies Exactly<input.datafactory.AzureSqlSinkArgs>,
  },
  storeSettings: {
    HttpReadSettings: {
      type: any,
      requestMethod: any,
      requestBody: any,
      additionalHeaders: any,
      requestTimeout: any,
      additionalColumns: any,
      maxConcurrentConnections: any,
      disableMetricsCollection: any,
    } satisfies Exactly<input.datafactory.HttpReadSettingsArgs>,
  },
  formatSettings: {
    DelimitedTextReadSettings: {
      type: any,
      skipLineCount: any,
      compressionProperties: refused,
    } satisfies Exactly<input.datafactory.DelimitedTextReadSettingsArgs>,
  },
  location: {
    HttpServerLocation: {
      type: any,
      relativeUrl: any,
      folderPath: any,
      fileName: any,
    } satisfies Exactly<input.datafactory.HttpServerLocationArgs>,
  },
} satisfies Partial<Record<FamilyName, Record<string, Fields>>>;

/** The shape of a discriminated object, or undefined where its type is not described. */
export function shapeOf(family: FamilyName, type: string): TypedShape | Fields | undefined {
  const families: Partial<Record<FamilyName, Record<string, TypedShape | Fields>>> = {
    ...typedFamilies,
    ...flatFamilies,
  };
  return families[family]?.[type];
}

/** Whether objects of a kind have `typeProperties`. */
export function isTyped(family: FamilyName): boolean {
  return family in typedFamilies;
}
