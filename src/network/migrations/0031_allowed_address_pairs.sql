-- Addresses beside its own that a port may send from: [{"mac_address", "ip_address"}].
ALTER TABLE port ADD COLUMN allowed_address_pairs TEXT NOT NULL DEFAULT '[]';
