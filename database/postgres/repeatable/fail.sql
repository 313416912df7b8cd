-- T-SQL's way to raise 'QT4001: …' as error 54001. Here RAISE EXCEPTION does it; nothing to create.
select 1 as nothing where false;
