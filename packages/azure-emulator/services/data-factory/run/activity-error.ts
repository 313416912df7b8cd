/** The `error` of an activity run. */
export interface ActivityFailure {
  readonly errorCode: string;
  readonly message: string;
  readonly failureType: "UserError" | "SystemError";
}

/** The failure of an activity, with Data Factory's code and message. It never contains a secret. */
export class ActivityError extends Error implements ActivityFailure {
  override readonly name = "ActivityError";
  constructor(
    readonly errorCode: string,
    message: string,
    readonly failureType: ActivityFailure["failureType"] = "UserError",
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
