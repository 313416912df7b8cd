import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";
import { pythonPackagesFolder } from "../packages/kit/testing/python-packages";
import { skip } from "../packages/kit/testing/skip";

const root = join(__dirname, "..");

/** Prints a line for each place that the grammar cannot parse. The grammar lacks `-cnotin`, which parses like `-notin`. */
const parse = `
import sys
import tree_sitter, tree_sitter_powershell
parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
def broken(node):
    if node.type == "ERROR" or node.is_missing:
        yield node
    elif node.has_error:
        for child in node.children:
            yield from broken(child)
for name in sys.argv[1:]:
    text = open(name, "rb").read().replace(b" -cnotin ", b" -notin ")
    for node in broken(parser.parse(text).root_node):
        print(f"{name}:{node.start_point[0] + 1}: {text[node.start_byte:node.end_byte][:80]}")
`;

function python(code: string, args: readonly string[]) {
  const env = { ...process.env, PYTHONPATH: pythonPackagesFolder("powershell") };
  return spawnSync("python3", ["-c", code, ...args], { cwd: root, encoding: "utf8", env });
}

describe("the PowerShell files", () => {
  before(function () {
    if (python("import tree_sitter, tree_sitter_powershell", []).status !== 0) {
      skip(this, "there is no Python with tree-sitter-powershell");
    }
  });

  it("are valid PowerShell", () => {
    const files = globSync("{runbooks,local/**}/*.ps1", { cwd: root });
    assert.ok(files.length >= 3, String(files));
    const { stdout, stderr, status } = python(parse, files);
    assert.deepEqual({ stdout, stderr, status }, { stdout: "", stderr: "", status: 0 });
  });
});
