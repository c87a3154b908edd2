namespace GeoFabric.Database.Layout;

/// <summary>First byte of every key of a fabric's environment. Persisted: append only, never renumber (docs/storage-format.md, "Key space").</summary>
public enum Keyspace : byte
{
    /// <summary>What the environment is: format, fabric, collation of its index keys.</summary>
    Environment = 0x01,

    /// <summary>Definitions: collections, stored queries.</summary>
    Catalog = 0x02,

    /// <summary>Clock, sequence and id generators of the fabric, document counts, index statistics.</summary>
    Counters = 0x03,

    /// <summary>Work to finish in the background: contents to delete, indexes to fill.</summary>
    PendingWork = 0x04,

    /// <summary>The documents.</summary>
    Documents = 0x10,

    /// <summary>What merging needs to know of documents beside their bodies.</summary>
    MergeMetadata = 0x11,

    /// <summary>Reserved for earlier versions of documents, against which replaces are diffed.</summary>
    RecentVersions = 0x12,

    /// <summary>The entries of secondary indexes.</summary>
    IndexEntries = 0x20,

    /// <summary>One record per transaction, own and foreign.</summary>
    ChangeLog = 0x30,

    /// <summary>What has been applied of each origin's log.</summary>
    VersionVector = 0x31,

    /// <summary>Reserved: what peers have acknowledged and subscribed to.</summary>
    Peers = 0x32,

    /// <summary>Documents with metadata that may be forgotten when it is stable, by timestamp.</summary>
    Unstable = 0x33,

    /// <summary>What came of requests that may be sent again.</summary>
    RequestIds = 0x34,

    /// <summary>Reserved: leaves of the hash tree that compares regions.</summary>
    HashTree = 0x35,

    /// <summary>Reserved: configuration epochs, members, scopes.</summary>
    Configuration = 0x36,

    /// <summary>A copy of another region's state that is being received, and what is known of one that has been installed.</summary>
    Snapshot = 0x37,

    /// <summary>Tenants, users and fabrics; only in the server's own environment.</summary>
    Server = 0x40,
}

/// <summary>Second byte of keys in <see cref="Keyspace.Catalog"/>. Persisted: append only.</summary>
public enum CatalogKind : byte
{
    Collection = 1,
    StoredQuery = 2,
    DroppedCollection = 3,
}

/// <summary>Second byte of keys in <see cref="Keyspace.Counters"/>. Persisted: append only.</summary>
public enum CounterKind : byte
{
    FabricState = 0,
    Collection = 1,
    Index = 2,
    KeyGenerator = 3,
}

/// <summary>Second byte of keys in <see cref="Keyspace.PendingWork"/>. Persisted: append only.</summary>
public enum PendingWorkKind : byte
{
    DeleteContents = 1,
    DeleteIndex = 2,
    BuildIndex = 3,

    /// <summary>Take back what was done for a request that another region had carried out before.</summary>
    VoidRequest = 4,
}

/// <summary>Second byte of keys in <see cref="Keyspace.RequestIds"/>. Persisted: append only.</summary>
public enum RequestKeyKind : byte
{
    Outcome = 1,
    Time = 2,
}

/// <summary>Second byte of keys in <see cref="Keyspace.Snapshot"/>. Persisted: append only.</summary>
public enum SnapshotRecordKind : byte
{
    /// <summary>How far the snapshot under way has come.</summary>
    Receiving = 1,

    /// <summary>The snapshot that was installed and is not caught up with.</summary>
    Installed = 2,

    /// <summary>One piece: what it covers, and the vector it was read at.</summary>
    Piece = 3,

    /// <summary>A collection whose contents are being received.</summary>
    Collection = 4,

    DroppedCollection = 5,
    StoredQuery = 6,

    /// <summary>A unique index, which is filled when the pieces agree with each other again.</summary>
    UniqueIndex = 7,
}

/// <summary>Second byte of keys in <see cref="Keyspace.Server"/>. Persisted: append only.</summary>
public enum ServerRecordKind : byte
{
    Tenant = 1,
    User = 2,
    Fabric = 3,
    State = 4,

    /// <summary>Which region the directory belongs to.</summary>
    Region = 5,

    /// <summary>The regions of the cluster.</summary>
    Cluster = 6,

    /// <summary>A dropped fabric whose files are still to be deleted here.</summary>
    PendingDrop = 7,
}
