// Reason: MD4 serves NTLM only, a login that Azure SQL does not have.
exports.arrayBuffer = () => {
  throw new Error("NTLM is left out of this bundle");
};
