// Reason: @azure/identity takes half of the cold start (87 of 170 ms) for login types that this app never uses. The app's own
// credential asks the managed identity endpoint (src/identity-token.ts). tedious uses these classes only in other branches of
// its login, in which they fail with their name.
const left = (name) =>
  class {
    constructor() {
      throw new Error(`${name} is left out of this bundle; log in with a token-credential`);
    }
  };

module.exports = {
  ClientSecretCredential: left("ClientSecretCredential"),
  DefaultAzureCredential: left("DefaultAzureCredential"),
  ManagedIdentityCredential: left("ManagedIdentityCredential"),
  UsernamePasswordCredential: left("UsernamePasswordCredential"),
};
