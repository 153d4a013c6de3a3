-- What pages of long lists are read from in their order: each ends in the id, which breaks ties.
DROP INDEX port_by_network;
CREATE INDEX port_by_network ON port (network, id);
CREATE INDEX port_by_name ON port (name, id);
CREATE INDEX network_by_name ON network (name, id);
