import assert from "node:assert/strict";
import { EmulatorError, emulatorErrors } from "./emulator-error";
import { defaultPhrases, hostPhrases, setHostPhrases } from "./host-phrases";

describe("the emulator's errors", () => {
  const before = hostPhrases();
  beforeEach(() => setHostPhrases({}));
  after(() => setHostPhrases(before));

  const next = () => new EmulatorError("QT6004", { folder: "/f", pid: 7 }).next;

  it("say what to do in general words if the host sets no phrases", () => {
    assert.equal(next(), "Stop that process, or use another folder.");
  });

  it("say it in the host's words", () => {
    setHostPhrases({ otherFolder: "set MY_FOLDER" });
    assert.equal(next(), "Stop that process, or set MY_FOLDER.");
    setHostPhrases({ start: "run it" });
    assert.equal(next(), "Stop that process, or use another folder.");
  });

  it("fill in the details that a phrase names", () => {
    setHostPhrases({ unprotect: "edit {stack}.yaml" });
    const error = new EmulatorError("QT7011", { subject: "a is", stack: "acme" });
    assert.equal(error.next, "First edit acme.yaml and run up, then run this again.");
  });

  it("use every phrase that a host can set", () => {
    const texts = Object.values(emulatorErrors)
      .map((entry) => Object.values(entry).join())
      .join();
    const unused = Object.keys(defaultPhrases).filter((name) => !texts.includes(`{${name}}`));
    assert.deepEqual(unused, []);
  });
});
