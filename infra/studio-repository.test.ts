import assert from "node:assert/strict";
import { repoConfiguration, studioSchema } from "./studio-repository";

const github = { host: "GitHub", account: "northgate", repository: "bordereaux" } as const;

describe("the repository that Studio shows", () => {
  it("is GitHub's or Azure DevOps's, never publishes, and has the folder of the definitions by default", () => {
    const common = {
      accountName: "northgate",
      repositoryName: "bordereaux",
      collaborationBranch: "main",
      rootFolder: "/adf-definitions",
      disablePublish: true,
    };
    assert.deepEqual(repoConfiguration(studioSchema.parse(github), "t"), {
      type: "FactoryGitHubConfiguration",
      ...common,
    });
    const devOps = { ...github, host: "AzureDevOps", project: "Data Platform" };
    assert.deepEqual(repoConfiguration(studioSchema.parse(devOps), "t"), {
      type: "FactoryVSTSConfiguration",
      ...common,
      projectName: "Data Platform",
      tenantId: "t",
    });
  });

  for (const [what, change] of [
    ["Azure DevOps without a project", { host: "AzureDevOps" }],
    ["GitHub with a project", { project: "Data" }],
    ["another host", { host: "GitLab" }],
    ["a folder that does not begin at the root", { folder: "adf-definitions" }],
    ["an address as a repository", { repository: "https://github.com/a/b" }],
    ["a branch with a blank", { branch: "my branch" }],
  ] as const)
    it(`is not ${what}`, () => assert.equal(studioSchema.safeParse({ ...github, ...change }).success, false));
});
