-- Whether a rescue guest, or the volume that lends it the server's file system, may be there.
ALTER TABLE server ADD COLUMN has_rescue INTEGER NOT NULL DEFAULT 0;
