-- The extra routes of a router: a list of `destination` and `nexthop`.
ALTER TABLE router ADD COLUMN routes TEXT NOT NULL DEFAULT '[]';
