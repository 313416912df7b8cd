import { generatedTexts, is, tokensOf } from "./tokens";

/** Rights on a schema that allow triggers on its tables, and so code that runs through the ownership chain. */
const powerful = ["alter", "control", "take"];

/**
 * Finds grants of ALTER or CONTROL on a schema whose owner owns another schema too. Whoever may alter a table may give it a trigger,
 * and nothing checks what a trigger does to the owner's other tables (ownership chains).
 * @param texts The files, in the order in which they run.
 */
export function chainedGrants(texts: readonly string[]): string[] {
  const owners = new Map<string, string>();
  const grants: { right: string; schema: string; to: string }[] = [];
  for (const text of texts) {
    const tokens = tokensOf(text);
    for (const statement of [text, ...generatedTexts(tokens).map((one) => one.text)]) {
      const words = tokensOf(statement);
      words.forEach((word, index) => {
        const at = (offset: number) => words[index + offset]?.text ?? "";
        if (is(word, "create") && at(1) === "schema" && at(3) === "authorization") owners.set(at(2), at(4));
        if (is(word, "authorization") && at(1) === "on" && at(2) === "schema" && at(5) === "to")
          owners.set(at(4), at(6));
        if (is(word, "grant")) {
          const end = words.findIndex((one, place) => place > index && is(one, ";"));
          const grant = words.slice(index, end < 0 ? words.length : end);
          const schema = grant.findIndex((one) => is(one, "schema"));
          const right = grant.find((one) => is(one, ...powerful));
          if (schema < 0 || right === undefined) return;
          grants.push({
            right: right.text,
            schema: grant[schema + 2]?.text ?? "",
            to: grant.at(-1)?.text ?? "",
          });
        }
      });
    }
  }
  return grants.flatMap(({ right, schema, to }) => {
    const owner = owners.get(schema);
    const others = [...owners]
      .filter(([name, one]) => name !== schema && one === owner)
      .map(([name]) => name);
    return to === owner || others.length === 0
      ? []
      : [`${right} on schema ${schema} to ${to}: its owner ${owner} owns ${others.join(" and ")} too`];
  });
}
