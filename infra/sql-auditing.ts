import * as pulumi from "@pulumi/pulumi";
import { sendLogs } from "./monitoring";
import type { Sql } from "./sql";
import { Step } from "./steps/step";

/**
 * Who signs in, and who is given which right. None of these groups records a statement that reads or writes rows, so no cell and no key
 * gets into the log; those that would are BATCH_…, SCHEMA_OBJECT_ACCESS_GROUP and single actions. Changes of tables are left out, too:
 * each load makes and drops its own.
 * Source: learn.microsoft.com/sql/relational-databases/security/auditing/sql-server-audit-action-groups-and-actions.
 */
export const AUDITED_GROUPS: readonly string[] = [
  "SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP",
  "FAILED_DATABASE_AUTHENTICATION_GROUP",
  "DATABASE_PRINCIPAL_CHANGE_GROUP",
  "DATABASE_ROLE_MEMBER_CHANGE_GROUP",
  "DATABASE_PERMISSION_CHANGE_GROUP",
  "DATABASE_OBJECT_PERMISSION_CHANGE_GROUP",
  "SCHEMA_OBJECT_PERMISSION_CHANGE_GROUP",
  "DATABASE_OWNERSHIP_CHANGE_GROUP",
  "DATABASE_OBJECT_OWNERSHIP_CHANGE_GROUP",
  "SCHEMA_OBJECT_OWNERSHIP_CHANGE_GROUP",
];

/** Audits the server to the workspace. */
export function auditSql(sql: Sql, server: pulumi.CustomResource, workspaceId: pulumi.Input<string>): void {
  // A server's audit is sent on from its database master.
  const master = pulumi.interpolate`${server.id}/databases/master`;
  const sent = sendLogs("sql-audit", master, ["SQLSecurityAuditEvents"], workspaceId, { parent: sql });
  new Step(
    "sql-auditing",
    "sql-auditing",
    { serverId: server.id, groups: [...AUDITED_GROUPS] },
    { parent: sql, deletedWith: server, dependsOn: [sent] },
  );
}
