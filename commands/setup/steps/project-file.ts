import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { EXISTING_KEY, SQL_ADMIN_KEY } from "../../../infra/config-check";
import { PROJECT_FILE } from "../../../tenants/tenant-files";
import { backendOf } from "../plan";
import type { Setup, SetupStep } from "../step";
import { roleId } from "./role-definitions";

type Entry = readonly [path: readonly string[], value: unknown];

/** What Pulumi.yaml is to say, by path. */
function wantedOf(setup: Setup): Entry[] {
  const { plan, found } = setup;
  const { sqlGroupId = "<object id of the group>" } = found;
  return [
    [["backend", "url"], backendOf(plan)],
    [["config", SQL_ADMIN_KEY, "default"], { login: plan.sqlGroup, objectId: sqlGroupId }],
    [["config", `${EXISTING_KEY}.pipelineStarterRole`], roleId(setup, "pipeline-starter")],
  ];
}

const documentOf = ({ root }: Setup) => parseDocument(readFileSync(join(root, PROJECT_FILE), "utf8"));

function missing(setup: Setup): Entry[] {
  const document = documentOf(setup);
  return wantedOf(setup).filter(([path, value]) => {
    const there: unknown = document.getIn(path, false);
    const plain =
      there !== null && typeof there === "object" && "toJSON" in there
        ? (there.toJSON as () => unknown)()
        : there;
    return JSON.stringify(plain) !== JSON.stringify(value);
  });
}

/** Source: www.pulumi.com/docs/iac/concepts/projects/project-file (backend.url). */
export const projectFile: SetupStep = {
  title: "Pulumi.yaml",
  what: "Names the backend, so that a person and a pipeline never use two; the administrators of every tenant's database; and the role that starts pipelines. Commit it.",
  right: "none: it is a file of this checkout",
  cost: "nothing",
  command: (setup) => wantedOf(setup).map(([path, value]) => `${path.join(": ")}: ${JSON.stringify(value)}`),
  look: async (setup) => missing(setup).map(([path]) => path.join(": ")),
  async make(setup) {
    const document = documentOf(setup);
    for (const [path, value] of missing(setup)) document.setIn(path, document.createNode(value));
    writeFileSync(join(setup.root, PROJECT_FILE), document.toString({ lineWidth: 0 }));
  },
};
