import { type IsolationLevel, postgresLevel } from "../language/isolation-level";
import type { SetOption } from "../language/parse-set";

/** What SET has chosen for a session. */
export class SessionOptions {
  xactAbort = false;
  implicitTransactions = false;
  noCount = false;
  /** Milliseconds; -1: without end, 0: not at all. */
  lockTimeoutMs = -1;
  isolation: IsolationLevel = "read committed";

  set(change: SetOption): void {
    switch (change.option) {
      case "xact_abort":
        this.xactAbort = change.on;
        return;
      case "implicit_transactions":
        this.implicitTransactions = change.on;
        return;
      case "nocount":
        this.noCount = change.on;
        return;
      case "lock_timeout":
        this.lockTimeoutMs = change.milliseconds;
        return;
      case "isolation":
        this.isolation = change.level;
        return;
      case "nothing":
    }
  }

  copy(): SessionOptions {
    return Object.assign(new SessionOptions(), this);
  }

  /** PostgreSQL's settings for them; undefined if they are its defaults. */
  get statement(): string | undefined {
    const { lockTimeoutMs, isolation } = this;
    if (lockTimeoutMs === -1 && isolation === "read committed") return undefined;
    // PostgreSQL's 0 waits without end, and there is no wait shorter than a millisecond.
    const wait = lockTimeoutMs === -1 ? 0 : Math.max(1, lockTimeoutMs);
    return `set lock_timeout = ${wait}; set default_transaction_isolation = '${postgresLevel[isolation]}'`;
  }
}
