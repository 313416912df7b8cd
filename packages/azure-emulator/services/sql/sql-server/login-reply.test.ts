import assert from "node:assert/strict";
import fc from "fast-check";
import { SqlServerError } from "../session/sql-server-error";
import { MessageReader } from "../tds/message-reader";
import { MessageWriter } from "../tds/message-writer";
import { ProtocolError, tdsVersion } from "../tds/protocol";
import {
  doneStatus,
  writeDone,
  writeError,
  writeInfo,
  writeLoginReply,
  writeTextChange,
} from "../tds/tokens";
import { loginReply } from "./login-reply";

function message(write: (writer: MessageWriter) => void): Buffer {
  let body: Buffer = Buffer.alloc(0);
  const reader = new MessageReader((whole) => {
    body = whole.body;
  });
  const writer = new MessageWriter((packets) => {
    reader.push(packets);
    return true;
  }, 4096);
  write(writer);
  writer.end();
  return body;
}

const login = { server: "srv", database: "db", version: tdsVersion, packetSize: 4096 };
/** The answer of a server that was offered no feature: our own answer without the acknowledgements. */
const answer = message((writer) => {
  writeTextChange(writer, "database", "db", "master");
  writeInfo(writer, 5701, "Changed database context to 'db'.", "srv");
  writer.bytes(Buffer.from([0xad, 10, 0, 1, 0x74, 0, 0, 4, 0, 12, 0, 0, 0]));
  writeDone(writer, "done", doneStatus.final);
});

describe("the server's answer to a login", () => {
  it("reaches a client without a token unchanged", () => {
    assert.deepEqual(loginReply(answer, false), answer);
  });

  it("gets the acknowledgement of the token before its end, and nothing else", () => {
    const given = loginReply(answer, true);
    const at = answer.length - 13;
    assert.deepEqual(given.subarray(0, at), answer.subarray(0, at));
    assert.deepEqual([...given.subarray(at, at + 7)], [0xae, 2, 0, 0, 0, 0, 0xff]);
    assert.deepEqual(given.subarray(at + 7), answer.subarray(at));
  });

  it("is thrown with the server's message if it is a refusal", () => {
    const refusal = message((writer) => {
      writeError(
        writer,
        new SqlServerError(18456, "Login failed for user 'sa'.", { class: 14, state: 8 }),
        "srv",
      );
      writeDone(writer, "done", doneStatus.error);
    });
    assert.throws(
      () => loginReply(refusal, true),
      (error) =>
        error instanceof SqlServerError &&
        error.number === 18456 &&
        error.class === 14 &&
        error.state === 8 &&
        error.message === "Login failed for user 'sa'.",
    );
  });

  it("has one list of acknowledgements, even if the server sends its own", () => {
    const [own, both] = [false, true].map((federated) =>
      message((writer) => writeLoginReply(writer, { ...login, federated })),
    );
    assert.deepEqual(loginReply(own as Buffer, true), both);
    assert.deepEqual(loginReply(own as Buffer, false), own);
  });

  it("is refused if the server redirects", () => {
    const routed = Buffer.concat([Buffer.from([0xe3, 5, 0, 20, 0, 0, 0, 0]), answer]);
    assert.throws(() => loginReply(routed, true), /redirects/);
  });

  it("throws only these errors on damaged bytes", () => {
    fc.assert(
      fc.property(fc.nat(answer.length), fc.nat(255), fc.nat(answer.length), (at, value, length) => {
        const damaged = Buffer.from(answer.subarray(0, length));
        if (at < damaged.length) damaged[at] = value;
        try {
          loginReply(damaged, true);
        } catch (error) {
          assert.ok(error instanceof ProtocolError || error instanceof SqlServerError, String(error));
        }
      }),
      { numRuns: 1000 },
    );
  });
});
