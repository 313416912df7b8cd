import { isDeepStrictEqual } from "node:util";
import { typeOf } from "../../../packages/kit/urn";
import type { EngineStep } from "./engine-step";

/** A property that Azure changes by itself, so that a difference is nobody's work and nobody should put it back. */
interface KnownDrift {
  readonly type: string;
  /** A top-level property. */
  readonly property: string;
  readonly why: string;
}

/**
 * `ignoreChanges` would be wrong for them: the engine would keep what a refresh found among the inputs, and send it with the next update.
 */
export const knownDrift: readonly KnownDrift[] = [
  {
    type: "azure-native:web:WebApp",
    property: "siteConfig",
    why: "azure-native reads the whole of config/web into it, and Azure fills in fields when code lands. The program sets none of it, because Flex Consumption refuses them.",
  },
  {
    type: "azure-native:automation:Runbook",
    property: "draft",
    why: "Azure fills it while a script is edited and clears it when the script is published. The step that publishes the script looks at the script itself.",
  },
];

type State = EngineStep["before"];

/** What a refresh found, without what is known to differ. A step of which nothing is left is `same`. */
export function withoutKnownDrift(step: EngineStep): EngineStep {
  if (step.op !== "update") return step;
  const type = typeOf(step.urn);
  const hidden = new Set(knownDrift.filter((known) => known.type === type).map(({ property }) => property));
  if (hidden.size === 0) return step;
  const [before, after] = [without(step.before, hidden), without(step.after, hidden)];
  const differences = step.differences && withoutKeys(step.differences, hidden);
  const rest: EngineStep = {
    ...step,
    before,
    after,
    differences,
    differing: step.differing.filter((path) => !hidden.has(root(path))),
  };
  // An engine that tells no differences compares inputs.
  const wereEqual = isDeepStrictEqual(step.before?.inputs, step.after?.inputs);
  const isLeft =
    differences === undefined
      ? wereEqual || !isDeepStrictEqual(before?.inputs, after?.inputs)
      : Object.keys(differences).length > 0;
  return isLeft ? rest : { ...rest, op: "same" };
}

function without(state: State, hidden: ReadonlySet<string>): State {
  return (
    state && {
      ...state,
      inputs: state.inputs && withoutKeys(state.inputs, hidden),
      outputs: state.outputs && withoutKeys(state.outputs, hidden),
    }
  );
}

function withoutKeys<Value>(
  object: Readonly<Record<string, Value>>,
  hidden: ReadonlySet<string>,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(object).filter(([path]) => !hidden.has(root(path))));
}

/** The property of a path: `siteConfig` of `siteConfig.linuxFxVersion`. */
function root(path: string): string {
  return /^[^.[]*/.exec(path)?.[0] ?? path;
}
