import {
  type ClientAccess,
  clientEnvironment,
} from "../../packages/azure-emulator/control-plane/client-environment";
import type { Environment } from "../environment";
import { driverParts, quoteAdoNet, quoteBraces } from "./quote-values";

/** The variables for a running stack: those that Microsoft's clients read by themselves, and the addresses of its services. */
export function environmentVariables(environment: Environment): Record<string, string> {
  const { arm, sql, keyVault, storage, dataFactory, function: app } = environment;
  const access: ClientAccess = { ...environment, ...arm, ...environment.deployer };
  return {
    ...clientEnvironment(access),
    AZURE_RESOURCE_GROUP: environment.resourceGroup,
    AZURE_SQL_SERVER: sql.serverName,
    AZURE_SQL_HOST: sql.host,
    AZURE_SQL_PORT: String(sql.port),
    AZURE_SQL_DATABASE: sql.database,
    AZURE_KEY_VAULT: keyVault.vaultName,
    AZURE_KEY_VAULT_URI: keyVault.vaultUri,
    AZURE_STORAGE_ACCOUNT: storage.accountName,
    AZURE_STORAGE_BLOB_ENDPOINT: storage.blobEndpoint,
    AZURE_DATA_FACTORY: dataFactory.factoryName,
    AZURE_DATA_FACTORY_ID: dataFactory.factoryId,
    AZURE_FUNCTION_APP: app.appName,
    AZURE_FUNCTION_APP_URL: app.baseUrl,
  };
}

/**
 * The database for mssql-jdbc, by https://learn.microsoft.com/sql/connect/jdbc/building-the-connection-url. Drivers keep no store
 * for the emulator's CA, and nothing but this machine is on the way, so all three lines trust the server's certificate. None names a sign-in: drivers that sign in by themselves ask
 * login.microsoftonline.com first whether the authority is one of Microsoft's. Each takes an access token from its caller.
 */
export function jdbcUrl({ sql }: Environment): string {
  const parts = driverParts(quoteBraces, [
    ["databaseName", sql.database],
    ["encrypt", "true"],
    ["trustServerCertificate", "true"],
  ]);
  return `jdbc:sqlserver://${sql.host}:${sql.port};${parts};`;
}

/** The database for Microsoft.Data.SqlClient, by https://learn.microsoft.com/dotnet/api/microsoft.data.sqlclient.sqlconnection.connectionstring. */
export function adoNetString({ sql }: Environment): string {
  return driverParts(quoteAdoNet, [
    ["Server", `tcp:${sql.host},${sql.port}`],
    ["Database", sql.database],
    ["Encrypt", "Mandatory"],
    ["TrustServerCertificate", "True"],
  ]);
}

/** The database for ODBC Driver 18, by https://learn.microsoft.com/sql/connect/odbc/dsn-connection-string-attribute. */
export function odbcString({ sql }: Environment): string {
  const parts = driverParts(quoteBraces, [
    ["Server", `tcp:${sql.host},${sql.port}`],
    ["Database", sql.database],
    ["Encrypt", "yes"],
    ["TrustServerCertificate", "yes"],
  ]);
  return `Driver={ODBC Driver 18 for SQL Server};${parts}`;
}
