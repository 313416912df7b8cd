import { ArmError, type ArmErrorDetails } from "../arm-error";

/**
 * One thing that Azure does and a kinder emulator would not. A rule is data beside the code that enforces it; `docs/azure-rules.md`
 * is made from all of them.
 */
export interface AzureRule {
  /** What Azure does, in one sentence. */
  readonly what: string;
  /** The public page, file or thread that says so. */
  readonly source: string;
  /** Azure's HTTP status and code, or SQL Server's number and state. */
  readonly answer: { readonly status?: number; readonly code: string | number };
  /** The test that fails if the rule is taken away: its file below `packages/azure-emulator/`, and words of its title. */
  readonly test: RuleTest;
  /** Those of its other parts, if one test does not fail for each. */
  readonly moreTests?: readonly RuleTest[];
  /** The name under which a host can turn the rule off. Left out: it always applies. */
  readonly toggle?: string;
}

type RuleTest = readonly [file: string, title: string];

/** A rule of Resource Manager, or of a service that answers as Resource Manager does. */
export interface ArmRule extends AzureRule {
  readonly answer: { readonly status: number; readonly code: string };
}

/** The rules of one part of Azure, by a name that code refers to. */
export interface RuleArea<
  Rules extends Readonly<Record<string, AzureRule>> = Readonly<Record<string, AzureRule>>,
> {
  /** The heading in docs/azure-rules.md. */
  readonly area: string;
  readonly rules: Rules;
}

/** Rules of Resource Manager's kind, so that {@link refusal} takes each of them. */
export function armRules<const Name extends string>(
  area: string,
  rules: Readonly<Record<Name, ArmRule>>,
): RuleArea<Readonly<Record<Name, ArmRule>>> {
  return { area, rules };
}

/** The error of a rule. `message` is what Azure says; it names the property, the value or the resource. */
export function refusal({ answer }: ArmRule, message: string, more?: ArmErrorDetails): ArmError {
  return new ArmError(answer.status, answer.code, message, more);
}
