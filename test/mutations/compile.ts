import { join } from "node:path";
import ts from "typescript";
import { projectRoot } from "../../local/places";
import { type Deployed, type Mutation, mutated } from "./mutation";

/**
 * Numbers of the mutations that do not compile: each resource's inputs, as literals, against the SDK's type of its arguments. What does not
 * compile unchanged either, because a value is narrower in the program, proves nothing and is left out.
 */
export function notCompiling(
  mutations: readonly Mutation[],
  resources: readonly Deployed[],
): ReadonlySet<number> {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const lines = ['import * as azure from "@pulumi/azure-native";'];
  const owners: (number | string | undefined)[] = [undefined];
  const add = (owner: number | string, type: string, inputs: object) => {
    const [, module, kind] = type.split(":");
    const known = Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith("__")));
    lines.push(`export const v${lines.length}: azure.${module}.${kind}Args = ${JSON.stringify(known)};`);
    owners.push(owner);
  };
  for (const { urn, type, inputs } of resources) if (type.startsWith("azure-native:")) add(urn, type, inputs);
  for (const mutation of mutations) {
    const resource = byUrn.get(mutation.urn);
    if (resource !== undefined && "path" in mutation)
      add(mutation.number, resource.type, mutated(resource.inputs, mutation));
  }
  const wrong = new Set(wrongLines(lines.join("\n")).map((line) => owners[line]));
  return new Set(
    mutations.filter(({ number, urn }) => wrong.has(number) && !wrong.has(urn)).map(({ number }) => number),
  );
}

/** Lines of a module with an error, from 0. */
function wrongLines(text: string): number[] {
  const file = join(projectRoot, "test", "mutations", "literals-of-mutations.ts");
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    ignoreDeprecations: "5.0",
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (name, target, ...rest) =>
    name === file ? ts.createSourceFile(name, text, target) : getSourceFile(name, target, ...rest);
  host.fileExists = (name) => name === file || fileExists(name);
  const program = ts.createProgram([file], options, host);
  const source = program.getSourceFile(file);
  return program
    .getSemanticDiagnostics(source)
    .flatMap(({ file: at, start }) =>
      at === undefined || start === undefined ? [] : [at.getLineAndCharacterOfPosition(start).line],
    );
}
