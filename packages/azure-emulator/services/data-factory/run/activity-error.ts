/** What an activity run's `error` holds. */
export interface ActivityFailure {
  readonly errorCode: string;
  readonly message: string;
  readonly failureType: "UserError" | "SystemError";
}

/** An activity that fails, with the code and the message that Data Factory shows. Never holds a secret. */
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
