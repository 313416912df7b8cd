import { cliErrors } from "./cli";
import { dataFactoryErrors } from "./data-factory";
import { databaseErrors } from "./database";
import { fleetErrors } from "./fleet";
import { functionErrors } from "./function";
import { infraErrors } from "./infra";
import { saasErrors } from "./saas";
import { tenantErrors } from "./tenants";

/**
 * Every error that the product and this project's tools raise on purpose, by code:
 * QT1 configuration and Pulumi program, QT30 pipelines, QT4 database (THROW number = 50000 + digits), QT5 Fivetran function,
 * QT8 Quantemplate and Fivetran in the emulator, QT9 command line (QT91 tenants, QT95 fleets). The emulator's own catalogue has
 * the rest: QT2, QT31, QT32, QT6, QT7 and QT9021 to QT9023.
 */
export const catalogue = {
  ...infraErrors,
  ...dataFactoryErrors,
  ...databaseErrors,
  ...functionErrors,
  ...saasErrors,
  ...cliErrors,
  ...tenantErrors,
  ...fleetErrors,
} as const;

export type ErrorCode = keyof typeof catalogue;
