// Reason: tedious needs one type guard of @azure/core-auth, which brings its HTTP stack along (36 kB).
exports.isTokenCredential = (credential) =>
  typeof credential === "object" && credential !== null && typeof credential.getToken === "function";
