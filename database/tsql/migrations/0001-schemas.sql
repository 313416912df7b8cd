if schema_id(N'data') is null
  exec(N'create schema data authorization dbo');
if schema_id(N'staging') is null
  exec(N'create schema staging authorization dbo');
