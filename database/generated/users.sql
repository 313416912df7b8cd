-- A user of a managed identity: new, and of another identity before. They are shown, not made: no directory has them.
-- Recorded by `npm run golden:tsql` (users): do not edit.

-- new
-- qt.ensure_user
create user [adf [it's]]] with sid = 0xFF19966F868B11D0B42D00CF4FC964FF, type = E
GO
-- qt.ensure_user
alter role [loader] add member [adf [it's]]]
GO

-- of another identity before
-- qt.ensure_user
drop user [of_another]
GO
-- qt.ensure_user
create user [of_another] with sid = 0xFF19966F868B11D0B42D00CF4FC964FF, type = E
GO
-- qt.ensure_user
alter role [reader] add member [of_another]
GO
