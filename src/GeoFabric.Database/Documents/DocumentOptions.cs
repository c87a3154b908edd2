namespace GeoFabric.Database.Documents;

/// <summary>What an insert does when the key is taken.</summary>
public enum OverwriteMode
{
    /// <summary>Refuses with 1210.</summary>
    Conflict,

    /// <summary>Leaves the stored document as it is.</summary>
    Ignore,

    /// <summary>Replaces the stored document.</summary>
    Replace,

    /// <summary>Merges into the stored document.</summary>
    Update,
}

/// <param name="KeepNull">Overwrite mode update: false removes attributes that the new document sets to null, nested ones too.</param>
/// <param name="MergeObjects">Overwrite mode update: objects are merged recursively rather than replaced.</param>
public sealed record InsertOptions(OverwriteMode OverwriteMode = OverwriteMode.Conflict, bool KeepNull = true, bool MergeObjects = true)
{
    public static InsertOptions Default { get; } = new();

    /// <summary>
    /// Numbers that begin as increments from nothing. With any, a new document is one that merges with those that other regions create under its
    /// key at the same time, so that their numbers add up.
    /// </summary>
    public IReadOnlyList<AttributeOperation> Operations { get; init; } = [];
}

/// <param name="IgnoreRevisions">False: a <c>_rev</c> in the patch must be the stored one (1200).</param>
/// <param name="ExpectedRevision">The stored document must have this <c>_rev</c> (1200); text that is no revision never matches.</param>
public sealed record UpdateOptions(
    bool KeepNull = true, bool MergeObjects = true, bool IgnoreRevisions = true, string? ExpectedRevision = null)
{
    public static UpdateOptions Default { get; } = new();

    /// <summary>How attributes of the patch came about; those without an operation are assigned.</summary>
    public IReadOnlyList<AttributeOperation> Operations { get; init; } = [];
}

/// <param name="IgnoreRevisions">False: a <c>_rev</c> in the new document must be the stored one (1200).</param>
/// <param name="ExpectedRevision">The stored document must have this <c>_rev</c> (1200); text that is no revision never matches.</param>
public sealed record ReplaceOptions(bool IgnoreRevisions = true, string? ExpectedRevision = null)
{
    public static ReplaceOptions Default { get; } = new();

    /// <summary>How attributes of the new document came about; those without an operation are assigned.</summary>
    public IReadOnlyList<AttributeOperation> Operations { get; init; } = [];
}

/// <param name="ExpectedRevision">The stored document must have this <c>_rev</c> (1200); text that is no revision never matches.</param>
public sealed record RemoveOptions(string? ExpectedRevision = null)
{
    public static RemoveOptions Default { get; } = new();
}
