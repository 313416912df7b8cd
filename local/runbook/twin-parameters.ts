import type { LocalPace } from "../../packages/azure-emulator/services/automation/run/runbook-executor";

/** The script's parameters with their defaults, without the webhook data. */
export const scriptDefaults = {
  PipelineName: "QT_fetch_data",
  VariablesPrefix: "",
  ArmEndpoint: "https://management.azure.com",
  LoginEndpoint: "https://login.microsoftonline.com",
  FirstPollSeconds: 5,
  LongestPollSeconds: 60,
  LongestRetryAfterSeconds: 300,
  RequestSeconds: 100,
  DeadlineMinutes: 150,
} as const;

export interface TwinParameters {
  readonly webhookData: unknown;
  readonly pipelineName: string;
  readonly variablesPrefix: string;
  /** Without a trailing slash, like the next. */
  readonly armEndpoint: string;
  readonly loginEndpoint: string;
  readonly firstPollSeconds: number;
  readonly longestPollSeconds: number;
  readonly longestRetryAfterSeconds: number;
  readonly requestSeconds: number;
  readonly deadlineMinutes: number;
}

/**
 * The script's param block: ignores the case of names, and parameters that the script does not have.
 * @throws Error with PowerShell's message if a number is required and something else is given.
 */
export function bindParameters(
  parameters: Readonly<Record<string, unknown>>,
  pace: LocalPace,
): TwinParameters {
  const named = { ...scriptDefaults, ...namesOf(pace) };
  const given = new Map(Object.entries(parameters).map(([name, value]) => [name.toLowerCase(), value]));
  const givenTo = (name: keyof typeof named): unknown => given.get(name.toLowerCase()) ?? named[name];
  const numberOf = (name: keyof typeof named): number => {
    const value = givenTo(name);
    const number = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value);
    if (!Number.isNaN(number)) return number;
    throw new Error(
      `Cannot process argument transformation on parameter '${name}'. Cannot convert value "${value}" to type "System.Double".`,
    );
  };
  const endpoint = (name: keyof typeof named) => String(givenTo(name)).replace(/\/+$/, "");
  const requestSeconds = numberOf("RequestSeconds");
  if (requestSeconds <= 0) throw new Error(`Exception setting "Timeout": ${requestSeconds} s are no time.`);
  return {
    webhookData: given.get("webhookdata"),
    pipelineName: String(givenTo("PipelineName")),
    variablesPrefix: String(givenTo("VariablesPrefix")),
    armEndpoint: endpoint("ArmEndpoint"),
    loginEndpoint: endpoint("LoginEndpoint"),
    firstPollSeconds: numberOf("FirstPollSeconds"),
    longestPollSeconds: numberOf("LongestPollSeconds"),
    longestRetryAfterSeconds: numberOf("LongestRetryAfterSeconds"),
    requestSeconds,
    deadlineMinutes: numberOf("DeadlineMinutes"),
  };
}

function namesOf(pace: LocalPace) {
  return {
    ArmEndpoint: pace.armEndpoint,
    LoginEndpoint: pace.loginEndpoint,
    FirstPollSeconds: pace.firstPollSeconds,
    LongestPollSeconds: pace.longestPollSeconds,
  };
}
