import { armErrors } from "./arm";
import { automationErrors } from "./automation";
import { cliErrors } from "./cli";
import { dataFactoryErrors } from "./data-factory";
import { databaseErrors } from "./database";
import { engineErrors } from "./engine";
import { fleetErrors } from "./fleet";
import { functionErrors } from "./function";
import { infraErrors } from "./infra";
import { saasErrors } from "./saas";
import { sqlErrors } from "./sql";
import { tenantErrors } from "./tenants";
import { webErrors } from "./web";

/**
 * Every error that the project raises on purpose, by code:
 * QT1 configuration and Pulumi program, QT2 Automation, QT3 Data Factory, QT4 database (THROW number = 50000 + digits),
 * QT5 Fivetran function, QT6 control plane and SQL of the stand-in, QT7 engine and web host, QT8 Quantemplate and Fivetran
 * stand-ins, QT9 command line (QT91 tenants, QT95 fleets).
 */
export const catalogue = {
  ...infraErrors,
  ...automationErrors,
  ...dataFactoryErrors,
  ...databaseErrors,
  ...functionErrors,
  ...armErrors,
  ...sqlErrors,
  ...engineErrors,
  ...webErrors,
  ...saasErrors,
  ...cliErrors,
  ...tenantErrors,
  ...fleetErrors,
} as const;

export type ErrorCode = keyof typeof catalogue;
