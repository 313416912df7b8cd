select name, checksum from qt.migration order by name;
