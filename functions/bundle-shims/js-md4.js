// Reason: MD4 is only used for NTLM, which Azure SQL does not support.
exports.arrayBuffer = () => {
  throw new Error("NTLM is left out of this bundle");
};
