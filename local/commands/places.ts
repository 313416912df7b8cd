import { join } from "node:path";

/** The checkout. */
export const projectRoot = join(__dirname, "..", "..");

/** All state of the stand-in; QT_LOCAL_FOLDER moves it, for tests and for several stand-ins side by side. */
export const defaultFolder = process.env.QT_LOCAL_FOLDER ?? join(projectRoot, ".local");
