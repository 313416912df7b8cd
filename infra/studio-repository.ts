import type { input } from "@pulumi/azure-native/types";
import * as z from "zod";
import { text } from "./schema-parts";

const name = (expected: string) => text(/^[\w.-]+( [\w.-]+)*$/, expected);
const PROJECT = "the project, which AzureDevOps needs and GitHub does not have";

/** A factory without a repository in its PUT loses the one that it had (docs/sources.md, "Data Factory"), so it is a setting. */
export const studioSchema = z
  .strictObject({
    host: z.enum(["GitHub", "AzureDevOps"], { error: "GitHub or AzureDevOps" }),
    account: name("the GitHub owner, or the Azure DevOps organisation"),
    project: name("the Azure DevOps project").optional(),
    repository: name("the repository's name"),
    branch: text(/^[^\s~^:?*[\\]+$/, "a branch").default("main"),
    folder: text(/^\/[\w./-]*$/, "a folder such as /adf-definitions").default("/adf-definitions"),
  })
  .refine(({ host, project }) => (host === "AzureDevOps") === (project !== undefined), {
    error: PROJECT,
    path: ["project"],
  })
  .describe(
    "The Git repository that Data Factory Studio shows in this tenant's factory. Studio cannot publish: `pulumi up` deploys.",
  );

/** The factory's `repoConfiguration`, with publishing from Studio switched off: it would bring placeholders live. */
export function repoConfiguration(
  { host, account, project = "", repository, branch, folder }: z.output<typeof studioSchema>,
  tenantId: string,
): input.datafactory.FactoryGitHubConfigurationArgs | input.datafactory.FactoryVSTSConfigurationArgs {
  const common = {
    accountName: account,
    repositoryName: repository,
    collaborationBranch: branch,
    rootFolder: folder,
    disablePublish: true,
  };
  return host === "GitHub"
    ? { type: "FactoryGitHubConfiguration", ...common }
    : { type: "FactoryVSTSConfiguration", ...common, projectName: project, tenantId };
}
