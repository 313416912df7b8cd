import assert from "node:assert/strict";
import { checkTags } from "./tags";

const GROUP = "Microsoft.Resources/resourceGroups";
const tags = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, ""]));

describe("tags", () => {
  const taken = (given: unknown, type = GROUP) => assert.doesNotThrow(() => checkTags(type, given));
  const refused = (given: unknown, code: string, type = GROUP) =>
    assert.throws(() => checkTags(type, given), { status: 400, code });

  it("are at most as many as the type takes", () => {
    taken(tags(50));
    refused(tags(51), "BadRequest");
    const few = [
      "Microsoft.Automation/automationAccounts",
      "microsoft.storage/STORAGEACCOUNTS",
      "Microsoft.KeyVault/vaults/secrets",
    ];
    for (const type of few) {
      taken(tags(15), type);
      refused(tags(16), "BadRequest", type);
    }
  });

  it("have texts as values", () => {
    taken({ a: "" });
    for (const value of [1, true, null, ["x"], { b: "c" }]) refused({ a: value }, "InvalidRequestContent");
  });

  it("have names of a limited length", () => {
    taken({ ["n".repeat(512)]: "" });
    refused({ ["n".repeat(513)]: "" }, "InvalidTagNameLength");
    refused({ "": "" }, "InvalidTagNameLength");
    refused({ ["n".repeat(129)]: "" }, "InvalidTagNameLength", "Microsoft.Storage/storageAccounts");
  });

  it("have names without reserved characters", () => {
    taken({ "cost centre:x.y_z-1 #*+()[]{}|'\"": "a<b>%&\\?/" });
    for (const character of ["<", ">", "%", "&", "\\", "?", "/", "\n", "\u007f"])
      refused({ [`a${character}b`]: "" }, "InvalidTagNameCharacters");
  });

  it("have names without a reserved prefix", () => {
    taken({ "my-azure": "", "hidden-title": "x" });
    for (const name of ["microsoft-x", "Azure", "WINDOWSx"]) refused({ [name]: "" }, "InvalidTagName");
  });

  it("have names that differ by more than case", () => {
    refused({ Cost: "a", cost: "b" }, "InvalidTagNames");
  });

  it("have values of at most 256 characters", () => {
    taken({ a: "v".repeat(256) });
    refused({ a: "v".repeat(257) }, "InvalidTagValueLength");
  });
});
