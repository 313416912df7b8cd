/** Ids of the resources that people look at. */
export interface ConsoleLinkInput {
  readonly tenantId: string;
  readonly resourceGroupId: string;
  readonly factoryId: string;
  readonly automationAccountId: string;
  readonly databaseId: string;
  readonly functionAppId: string;
}

/** The addresses to open in a browser. */
export function consoleLinks(input: ConsoleLinkInput): Record<string, string> {
  const portal = (id: string) => `https://portal.azure.com/#@${input.tenantId}/resource${id}`;
  return {
    resourceGroup: portal(input.resourceGroupId),
    runbookJobs: `${portal(input.automationAccountId)}/jobs`,
    pipelineRuns: `https://adf.azure.com/en/monitoring/pipelineruns?factory=${encodeURIComponent(input.factoryId)}`,
    database: portal(input.databaseId),
    functionApp: portal(input.functionAppId),
  };
}
