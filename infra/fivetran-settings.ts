/** What Fivetran needs to know about the function. */
export interface FivetranInput {
  readonly functionApp: string;
  readonly functionName: string;
  readonly functionKey: string;
  readonly functionUrl: string;
}

/** Minutes between two syncs: a serverless database that pauses after 15 minutes is then paused for most of the day. */
const SYNC_FREQUENCY_MINUTES = 360;

/**
 * The connection's settings, ready to paste: the body of Fivetran's `POST /v1/connections` (you fill in only `group_id`),
 * the arguments of the Terraform resource `fivetran_connector` (docs/sources.md, "Fivetran"), and the configuration of connector-sdk/,
 * in which every value must be text. Contains the function key.
 */
export function fivetranSettings({ functionApp, functionName, functionKey, functionUrl }: FivetranInput) {
  const config = {
    connection_method: "DIRECT",
    function_app: functionApp,
    function_name: functionName,
    function_key: functionKey,
  };
  return {
    rest: {
      group_id: "<your destination's group id>",
      service: "azure_function",
      run_setup_tests: true,
      paused: true,
      sync_frequency: SYNC_FREQUENCY_MINUTES,
      config: { schema: "quantemplate", ...config },
    },
    terraform: {
      service: "azure_function",
      destination_schema: { name: "quantemplate" },
      config,
      /** `fivetran_connector_schedule` */
      schedule: { sync_frequency: SYNC_FREQUENCY_MINUTES, paused: true },
    },
    connectorSdk: { function_url: functionUrl, function_key: functionKey },
  };
}
