namespace GeoFabric.Database.Jobs;

/// <summary>Work that goes on for longer than somebody waits, or that nobody waits for.</summary>
public enum JobKind
{
    /// <summary>An index is filled with the documents that were there before it.</summary>
    IndexBuild,

    /// <summary>The same for the index of a view.</summary>
    ViewBuild,

    /// <summary>The entries of a dropped index are deleted.</summary>
    IndexRemoval,

    /// <summary>What a dropped or emptied collection left behind is deleted.</summary>
    ContentsRemoval,

    /// <summary>Documents whose time has come are removed.</summary>
    Expiry,

    /// <summary>Change records that no region needs any more are dropped.</summary>
    LogTrimming,

    /// <summary>The state of another region comes in pieces.</summary>
    SnapshotReceipt,

    /// <summary>A client sends documents, in one request or many.</summary>
    Import,

    /// <summary>All that is stored twice is compared.</summary>
    Check,
}
