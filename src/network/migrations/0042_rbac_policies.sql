-- What networks say of themselves becomes policies, as it does for networks made from now on.
INSERT INTO rbac_policy (id, project, object_type, object, action, target)
    SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-'
            || hex(randomblob(2)) || '-' || hex(randomblob(6))),
        project, 'network', id, 'access_as_shared', '*' FROM network WHERE shared
    UNION ALL
    SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-'
            || hex(randomblob(2)) || '-' || hex(randomblob(6))),
        project, 'network', id, 'access_as_external', '*' FROM network WHERE external;
