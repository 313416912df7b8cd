// Reason: tedious needs only one type guard of @azure/core-auth, which pulls in its HTTP stack (36 kB).
exports.isTokenCredential = (credential) =>
  typeof credential === "object" && credential !== null && typeof credential.getToken === "function";
