-- Who may see the refused values. No identity of the platform is a member; an administrator adds people: alter role auditor add member [group].
create role auditor authorization dbo;
