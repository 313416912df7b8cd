import type { AzureRule, RuleArea } from "../../control-plane/rules/azure-rule";

const TDS = "https://learn.microsoft.com/openspecs/windows_protocols/ms-tds";
const TSQL = "https://learn.microsoft.com/sql/t-sql";
const ERRORS =
  "https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors";
const DIFFERENCES =
  "https://learn.microsoft.com/azure/azure-sql/database/transact-sql-tsql-differences-sql-server";

const inTest = (file: string) => (title: string) => [`services/sql/${file}`, title] as const;
const attention = inTest("tds/attention.itest.ts");
const packets = inTest("tds/packet-sizes.itest.ts");
const logins = inTest("sql-logins.itest.ts");
const reset = inTest("session/reset.itest.ts");
const transactions = inTest("session/transactions.itest.ts");
const refusals = inTest("session/refusals.itest.ts");
const batches = inTest("language/parse-batch.test.ts");

const none = "no error";

/** What Azure SQL Database does on the wire and with T-SQL. The code of an answer is SQL Server's number. */
export const sqlRules = {
  area: "Azure SQL over TDS",
  rules: {
    attention: rule(
      "An attention cancels what was sent before it, at whatever moment it comes, and is acknowledged after the cancelled request's last token.",
      `${TDS} (2.2.1.7)`,
      none,
      attention("at any moment is acknowledged after the request"),
      attention("acknowledges each of several requests' cancellations once"),
    ),
    packetSize: rule(
      "Packets have the size that the client asks for, from 512 to 32,767 bytes, and at most 16,383 on an encrypted connection.",
      "https://learn.microsoft.com/sql/database-engine/configure-windows/configure-the-network-packet-size-server-configuration-option",
      none,
      packets("of every size hold every length of value"),
    ),
    records: rule(
      "A TLS record ends with a packet.",
      `${TDS} (3.2.5.2: TLS carries TDS packets)`,
      none,
      packets("end with their message's, also when several messages wait for the client"),
      packets("of every size hold every length of value"),
    ),
    sessionId: rule(
      "A packet's header has the session's id and the packet's number within its message.",
      `${TDS} (2.2.3.1)`,
      none,
      packets("carry the id of the session, and number themselves"),
    ),
    encryption: rule(
      "A connection is encrypted as a whole, also for a client that asks for TLS for its login only.",
      "https://learn.microsoft.com/azure/azure-sql/database/security-overview#transport-layer-security-encryption-in-transit",
      none,
      inTest("tds/prelogin.test.ts")("answers encryption"),
    ),
    typeClash: rule(
      "A date or a uniqueidentifier is no number.",
      ERRORS,
      206,
      inTest("session/call-statement.test.ts")("refuses a date for a number, as SQL Server does"),
    ),
    strict: rule(
      "TDS 8 (Encrypt=Strict) is spoken over TLS only, and LOGINACK says so.",
      "https://learn.microsoft.com/sql/relational-databases/security/networking/tds-8",
      18456,
      logins("accept TDS 8, and only over TLS"),
    ),
    missingDatabase: rule(
      "A login for a database that does not exist fails with 4060, and then with 18456.",
      "https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues",
      4060,
      logins("refuse a missing database with its number, and then as a failed login"),
    ),
    resetKeepsTransaction: rule(
      "RESETCONNECTIONSKIPTRAN resets the session and keeps its transaction.",
      `${TDS} (2.2.3.1.2)`,
      none,
      reset("that keeps the transaction goes on in it, until its end"),
    ),
    unknownSavepoint: rule(
      "A rollback to a name that is neither a savepoint nor the transaction is refused, and the transaction stays open.",
      `${TSQL}/language-elements/rollback-transaction-transact-sql`,
      6401,
      transactions("refuse an unknown name with 6401, and stay open"),
    ),
    savepointWithout: rule(
      "SAVE TRANSACTION needs a transaction.",
      `${TSQL}/language-elements/save-transaction-transact-sql`,
      628,
      transactions("need a transaction"),
    ),
    xactAbort: rule(
      "With XACT_ABORT an error rolls back the transaction, and the client is told.",
      `${TSQL}/statements/set-xact-abort-transact-sql`,
      none,
      transactions("are rolled back with XACT_ABORT, and the client learns of it"),
    ),
    withoutXactAbort: rule(
      "Without XACT_ABORT an error undoes only what failed, and so does a client's timeout: the transaction stays open.",
      `${TSQL}/statements/set-xact-abort-transact-sql`,
      none,
      transactions("go on without XACT_ABORT, and only the failed call is undone"),
    ),
    implicitTransactions: rule(
      "Under IMPLICIT_TRANSACTIONS the first statement that uses data begins a transaction.",
      `${TSQL}/statements/set-implicit-transactions-transact-sql`,
      none,
      transactions("begin with the first call, and last until their end"),
    ),
    lockTimeout: rule(
      "A statement waits for a lock no longer than LOCK_TIMEOUT.",
      `${TSQL}/statements/set-lock-timeout-transact-sql`,
      1222,
      transactions("wait for a lock no longer than LOCK_TIMEOUT"),
    ),
    snapshotConflict: rule(
      "A conflict in a SNAPSHOT transaction ends it with 3960, one in a SERIALIZABLE transaction with 1205.",
      `${TSQL}/statements/set-transaction-isolation-level-transact-sql`,
      3960,
      transactions("and end in a conflict with"),
    ),
    options: rule(
      "A SET has its effect, or is refused by name.",
      `${TSQL}/statements/set-statements-transact-sql`,
      56101,
      batches("does not accept without effect"),
      transactions("send no counts of rows under NOCOUNT"),
    ),
    dynamicOptions: rule(
      "What a dynamic text (sp_executesql) sets ends with it.",
      `${TSQL}/statements/set-statements-transact-sql`,
      none,
      transactions("have the options of a dynamic text only while it runs"),
    ),
    reservedWords: rule(
      "A reserved word names nothing without quotes: `SELECT 1 UNION SELECT 2` is no two statements.",
      `${TSQL}/language-elements/reserved-keywords-transact-sql`,
      56101,
      refusals("refuse a part of a text by its own words"),
    ),
    otherDatabase: rule(
      "A name with another database or a server is refused, and nothing is called.",
      DIFFERENCES,
      40515,
      refusals("with 40515, and call nothing"),
    ),
    systemProcedures: rule(
      "A procedure of the system that is not here is refused by its name, not as missing.",
      "https://learn.microsoft.com/sql/relational-databases/system-stored-procedures/system-stored-procedures-transact-sql",
      56101,
      refusals("of procedures of the system that are not here name them"),
    ),
    constraints: rule(
      "A violated constraint has its number: 2627 of a key, 2601 of a unique index, 515 of NOT NULL, 547 of a foreign key or a check.",
      ERRORS,
      2627,
      refusals("have SQL Server's number and words"),
    ),
    killed: rule(
      "When the session is killed, the error has class 20 or above and the connection ends.",
      "https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-error-severities",
      596,
      refusals("end the connection if PostgreSQL ends the session while rows are read"),
    ),
    largeNumbers: rule(
      "A whole number that is too large for int is numeric.",
      `${TSQL}/data-types/constants-transact-sql`,
      none,
      refusals("give whole numbers that are too large for int as numeric"),
    ),
  },
} satisfies RuleArea;

function rule(
  what: string,
  source: string,
  code: number | typeof none,
  test: AzureRule["test"],
  ...moreTests: AzureRule["test"][]
): AzureRule {
  return { what, source, answer: { code }, test, ...(moreTests.length > 0 && { moreTests }) };
}
