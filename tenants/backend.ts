import { join } from "node:path";
import { isScalar } from "yaml";
import { QtError } from "../errors/qt-error";
import { PROJECT_FILE } from "./tenant-files";
import { readYaml } from "./yaml-source";

/** The backend that Pulumi.yaml names for everybody; undefined if each login decides. */
export function projectBackend(root: string): string | undefined {
  const project = readYaml(join(root, PROJECT_FILE));
  const backend = project.pairs(project.contents).find(({ key }) => key === "backend")?.pair.value;
  const url = project.pairs(backend).find(({ key }) => key === "url")?.pair.value;
  const text = project.resolve(url);
  return isScalar(text) && text.value !== null ? String(text.value) || undefined : undefined;
}

/**
 * Refuses a second backend: the variable comes before Pulumi.yaml (pulumi, pkg/cmd/pulumi/backend), so that a person and a pipeline would
 * each have a fleet of their own.
 * @throws QtError QT9037
 */
export function refuseSecondBackend(root: string, env: NodeJS.ProcessEnv = process.env): void {
  const { PULUMI_BACKEND_URL: variable } = env;
  const project = projectBackend(root);
  if (!variable || project === undefined || plain(variable) === plain(project)) return;
  throw new QtError("QT9037", { variable, project });
}

const plain = (url: string) => url.replace(/\/+$/, "");
