import type { input } from "@pulumi/azure-native/types";
import { ownMember } from "../../packages/kit/json-object";
import { activities } from "./activities";
import {
  dropped,
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
  verbatim,
} from "./field";
import { withTableName } from "./table-name";

const linkedService = {
  type: verbatim,
  description: verbatim,
  version: verbatim,
  annotations: verbatim,
  connectVia: part("IntegrationRuntimeReference"),
  parameters: map(part("Parameter")),
};
const dataset = {
  type: verbatim,
  description: verbatim,
  annotations: verbatim,
  folder: part("DatasetFolder"),
  linkedServiceName: part("LinkedServiceReference"),
  parameters: map(part("Parameter")),
  schema: verbatim,
  structure: verbatim,
};
const trigger = {
  type: verbatim,
  description: verbatim,
  annotations: verbatim,
  pipelines: list(part("TriggerPipeline")),
};

/** Kinds of objects that Studio writes with `typeProperties`, by their `type`. */
export const typedFamilies = {
  activity: activities,
  linkedService: {
    HttpServer: {
      beside: linkedService,
      inside: {
        url: verbatim,
        authenticationType: verbatim,
        enableServerCertificateValidation: verbatim,
        userName: verbatim,
        password: refused,
        authHeaders: verbatim,
        embeddedCertData: verbatim,
        certThumbprint: verbatim,
        encryptedCredential: verbatim,
      } satisfies Rest<input.datafactory.HttpLinkedServiceArgs, typeof linkedService>,
    },
    AzureSqlDatabase: {
      beside: linkedService,
      inside: {
        server: verbatim,
        database: verbatim,
        authenticationType: verbatim,
        encrypt: verbatim,
        trustServerCertificate: verbatim,
        hostNameInCertificate: verbatim,
        commandTimeout: verbatim,
        connectTimeout: verbatim,
        connectRetryCount: verbatim,
        connectRetryInterval: verbatim,
        loadBalanceTimeout: verbatim,
        packetSize: verbatim,
        pooling: verbatim,
        minPoolSize: verbatim,
        maxPoolSize: verbatim,
        multipleActiveResultSets: verbatim,
        multiSubnetFailover: verbatim,
        failoverPartner: verbatim,
        applicationIntent: verbatim,
        integratedSecurity: verbatim,
        connectionString: verbatim,
        userName: verbatim,
        password: refused,
        azureCloudType: verbatim,
        tenant: verbatim,
        servicePrincipalId: verbatim,
        servicePrincipalKey: refused,
        servicePrincipalCredential: refused,
        servicePrincipalCredentialType: verbatim,
        credential: refused,
        encryptedCredential: verbatim,
        alwaysEncryptedSettings: refused,
      } satisfies Rest<input.datafactory.AzureSqlDatabaseLinkedServiceArgs, typeof linkedService>,
    },
    AzureKeyVault: {
      beside: linkedService,
      inside: { baseUrl: verbatim, credential: refused } satisfies Rest<
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
        columnDelimiter: verbatim,
        rowDelimiter: verbatim,
        quoteChar: verbatim,
        escapeChar: verbatim,
        firstRowAsHeader: verbatim,
        nullValue: verbatim,
        encodingName: verbatim,
        compressionCodec: verbatim,
        compressionLevel: verbatim,
      } satisfies Rest<input.datafactory.DelimitedTextDatasetArgs, typeof dataset>,
    },
    AzureSqlTable: {
      beside: dataset,
      inside: { tableName: verbatim, table: verbatim } satisfies Rest<
        input.datafactory.AzureSqlTableDatasetArgs,
        typeof dataset
      >,
      reworded: withTableName,
    },
  },
  trigger: {
    ScheduleTrigger: {
      beside: { ...trigger, runtimeState: dropped },
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
      type: verbatim,
      storeSettings: oneOf("storeSettings"),
      formatSettings: oneOf("formatSettings"),
      additionalColumns: verbatim,
      sourceRetryCount: verbatim,
      sourceRetryWait: verbatim,
      maxConcurrentConnections: verbatim,
      disableMetricsCollection: verbatim,
    } satisfies Exactly<input.datafactory.DelimitedTextSourceArgs>,
    AzureSqlSource: {
      type: verbatim,
      sqlReaderQuery: verbatim,
      sqlReaderStoredProcedureName: verbatim,
      storedProcedureParameters: verbatim,
      isolationLevel: verbatim,
      queryTimeout: verbatim,
      partitionOption: verbatim,
      partitionSettings: refused,
      produceAdditionalTypes: verbatim,
      additionalColumns: verbatim,
      sourceRetryCount: verbatim,
      sourceRetryWait: verbatim,
      maxConcurrentConnections: verbatim,
      disableMetricsCollection: verbatim,
    } satisfies Exactly<input.datafactory.AzureSqlSourceArgs>,
  },
  sink: {
    AzureSqlSink: {
      type: verbatim,
      preCopyScript: verbatim,
      tableOption: verbatim,
      writeBehavior: verbatim,
      upsertSettings: refused,
      sqlWriterUseTableLock: verbatim,
      sqlWriterStoredProcedureName: verbatim,
      sqlWriterTableType: verbatim,
      storedProcedureParameters: verbatim,
      storedProcedureTableTypeParameterName: verbatim,
      writeBatchSize: verbatim,
      writeBatchTimeout: verbatim,
      sinkRetryCount: verbatim,
      sinkRetryWait: verbatim,
      maxConcurrentConnections: verbatim,
      disableMetricsCollection: verbatim,
    } satisfies Exactly<input.datafactory.AzureSqlSinkArgs>,
  },
  storeSettings: {
    HttpReadSettings: {
      type: verbatim,
      requestMethod: verbatim,
      requestBody: verbatim,
      additionalHeaders: verbatim,
      requestTimeout: verbatim,
      additionalColumns: verbatim,
      maxConcurrentConnections: verbatim,
      disableMetricsCollection: verbatim,
    } satisfies Exactly<input.datafactory.HttpReadSettingsArgs>,
  },
  formatSettings: {
    DelimitedTextReadSettings: {
      type: verbatim,
      skipLineCount: verbatim,
      compressionProperties: refused,
    } satisfies Exactly<input.datafactory.DelimitedTextReadSettingsArgs>,
  },
  location: {
    HttpServerLocation: {
      type: verbatim,
      relativeUrl: verbatim,
      folderPath: verbatim,
      fileName: verbatim,
    } satisfies Exactly<input.datafactory.HttpServerLocationArgs>,
  },
} satisfies Partial<Record<FamilyName, Record<string, Fields>>>;

/** The shape of an object of this type, or undefined if the type is not described. */
export function shapeOf(family: FamilyName, type: string): TypedShape | Fields | undefined {
  const families: Partial<Record<FamilyName, Record<string, TypedShape | Fields>>> = {
    ...typedFamilies,
    ...flatFamilies,
  };
  return ownMember(families[family] ?? {}, type);
}

/** True if objects of this kind have `typeProperties`. */
export function isTyped(family: FamilyName): boolean {
  return Object.hasOwn(typedFamilies, family);
}
