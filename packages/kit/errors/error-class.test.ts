import assert from "node:assert/strict";
import { CodedError, reviveError } from "./coded-error";
import { errorClass } from "./error-class";
import type { ErrorCatalogue } from "./error-entry";
import { fill } from "./fill";

const fruitErrors = {
  F1: { what: "The {fruit} has {count worm(s)}.", safe: "Nothing was eaten.", next: "Eat {other}." },
  F2: { what: "There is no fruit.", safe: 'Set `{ basket: "empty" }`.', next: "First {shop}." },
} as const satisfies ErrorCatalogue;

let phrases = { shop: "go shopping" };
const FruitError = errorClass("FruitError", fruitErrors, () => phrases);
const worm = () => new FruitError("F1", { fruit: "apple", count: 2, other: "pears" });

describe("an error of a catalogue", () => {
  it("accepts exactly the details that its texts name, or does not compile", () => {
    // Never called: the compiler is the test, and reports each line that should be wrong and is not.
    const wrong = (wide: { F1: { what: string; safe: string; next: string } }) => {
      // @ts-expect-error no such code
      new FruitError("F3");
      // @ts-expect-error all details are missing
      new FruitError("F1");
      // @ts-expect-error one detail is missing
      new FruitError("F1", { fruit: "apple", other: "pears" });
      // @ts-expect-error one detail may be missing
      new FruitError("F1", { fruit: "apple", count: [1].at(0), other: "pears" });
      // @ts-expect-error a detail is misspelt
      new FruitError("F1", { fruit: "apple", counts: 2, other: "pears" });
      // @ts-expect-error no text has this detail
      new FruitError("F1", { fruit: "apple", count: 2, other: "pears", colour: "red" });
      // @ts-expect-error no text has a detail: a phrase is not a detail, and braces around several words are text
      new FruitError("F2", { shop: "x" });
      // @ts-expect-error a detail is not a list
      new FruitError("F1", { fruit: ["apple"], count: 2, other: "pears" });
      // @ts-expect-error texts that are not literals hide their placeholders
      new (errorClass("WideError", wide))("F1");
      const either = [1].length > 1 ? "F1" : "F2";
      // @ts-expect-error one of two codes needs details
      new FruitError(either);
      new FruitError(either, { fruit: "apple", count: 2, other: "pears" });
      new FruitError("F2", {}, { cause: new Error("x") });
    };
    assert.equal(typeof wrong, "function");
  });

  it("has its code, its texts with the details filled in, and its name", () => {
    const error = worm();
    assert.ok(error instanceof CodedError && error instanceof Error);
    assert.deepEqual([FruitError.name, error.name, error.code], ["FruitError", "FruitError", "F1"]);
    assert.deepEqual(error.details, { fruit: "apple", count: 2, other: "pears" });
    const text = "F1: The apple has 2 worms.\n  Safe: Nothing was eaten.\n  Next: Eat pears.";
    assert.equal(error.format(), text);
    const cause = new Error("x");
    assert.equal(new FruitError("F2", {}, { cause }).cause, cause);
  });

  it("is distinguishable from another catalogue's", () => {
    const Other = errorClass("Other", fruitErrors, () => phrases);
    assert.ok(!(new Other("F2") instanceof FruitError));
    assert.ok(new Other("F2") instanceof Other);
  });

  it("uses the phrases at the time of its creation, whose placeholders are details too", () => {
    assert.equal(new FruitError("F2").next, "First go shopping.");
    phrases = { shop: "ask {other}" };
    assert.equal(new FruitError("F2", { other: "x" } as never).next, "First ask x.");
    // Placeholders in a detail are not filled.
    const cheeky = new FruitError("F1", { fruit: "{shop}", count: 1, other: "{fruit}" });
    assert.deepEqual([cheeky.message, cheeky.next], ["The {shop} has 1 worm.", "Eat {fruit}."]);
    phrases = { shop: "go shopping" };
  });

  it("passes to another process with its texts", () => {
    const { code, message, safe, next } = worm();
    assert.deepEqual(JSON.parse(JSON.stringify(worm())), { code, message, safe, next });
    const revived = reviveError(JSON.parse(JSON.stringify(worm())));
    assert.ok(revived instanceof CodedError);
    assert.equal(revived.format(), worm().format());
  });

  it("is not revived from anything else", () => {
    const good = worm().toJSON();
    const bad = [
      undefined,
      null,
      "F1",
      {},
      { ...good, code: 1 },
      { ...good, next: "" },
      { code: "F1", details: {} },
    ];
    for (const value of bad) assert.throws(() => reviveError(value), TypeError);
  });
});

describe("a text with placeholders", () => {
  it("uses the right form of a noun", () => {
    const text = "{count mistake(s)} in {name}";
    assert.equal(fill(text, { count: 1, name: "a" }), "1 mistake in a");
    assert.equal(fill(text, { count: 2, name: "a" }), "2 mistakes in a");
    assert.equal(fill(text, { name: "a" }), "{count mistake(s)} in a");
  });

  it("leaves a placeholder visible if no value was given", () => {
    assert.equal(fill("a {b} {c}", { b: 1 }), "a 1 {c}");
    assert.equal(fill("a { b } {c d}", { b: 1, c: 2 }), "a { b } {c d}");
  });
});
