/**
 * Part of a file that the emulator cannot evaluate, or that Azure itself refuses. The file is refused rather than a rule passed over
 * that Azure enforces.
 */
export class UnsupportedPolicy extends Error {
  override readonly name = "UnsupportedPolicy";
  constructor(
    readonly reason: string,
    /** Where it stands: `policyRule.if.allOf[1].equals`. */
    readonly place = "",
  ) {
    super(place === "" ? reason : `${place}: ${reason}`);
  }
}

/** What `make` returns; what it refuses is placed in `step`: a member's name, `[1]`, or a name that ends with a colon. */
export function within<Made>(step: string, make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof UnsupportedPolicy)) throw error;
    throw new UnsupportedPolicy(error.reason, joined(step, error.place));
  }
}

function joined(step: string, rest: string): string {
  if (rest === "") return step.replace(/:$/, "");
  if (step.endsWith(":")) return `${step} ${rest}`;
  return rest.startsWith("[") ? `${step}${rest}` : `${step}.${rest}`;
}
