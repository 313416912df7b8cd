import { join } from "node:path";
import type { PulumiProject } from "../packages/azure-emulator/engine";

/** The checkout. */
export const projectRoot = join(__dirname, "..");

/** The project that the emulator's engine deploys: its steps load their code from the checkout. */
export const project: PulumiProject = {
  name: "quantemplate",
  root: projectRoot,
  // What takes minutes in Azure is counted in requests here, so a step need not wait long before it asks again.
  // Whoever a tenant's settings let deploy to Azure, here it is the emulator's deployer.
  environment: { QT_PROJECT_ROOT: projectRoot, QT_LONGEST_PAUSE_MS: "100", QT_SIGN_IN: "environment" },
};

/** The emulator's state; QT_LOCAL_FOLDER moves it, for tests and for several emulators side by side. */
export const defaultFolder = process.env.QT_LOCAL_FOLDER ?? join(projectRoot, ".local");
