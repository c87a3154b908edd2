using System.Collections.Immutable;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Catalog;

/// <summary>The wire numbers of collection types.</summary>
public enum CollectionType
{
    Document = 2,
    Edge = 3,
}

/// <summary>How a collection makes keys for documents that come without one.</summary>
/// <param name="Type">"traditional" or "autoincrement".</param>
/// <param name="AllowUserKeys">Whether documents may bring their own key; if not, one is refused with 1222.</param>
/// <param name="Increment">Step of autoincrement keys, at least 1.</param>
/// <param name="Offset">Start of autoincrement keys.</param>
public sealed record KeyOptions(string Type, bool AllowUserKeys, long Increment, long Offset)
{
    public static KeyOptions Traditional { get; } = new("traditional", true, 1, 0);
}

/// <summary>A collection of one fabric. Immutable: a change makes a new definition in a new <see cref="CatalogSnapshot"/>.</summary>
/// <param name="Id">Unique in the fabric, never reused, kept by renames and truncations.</param>
/// <param name="Indexes">The primary index first, then the edge indexes of an edge collection, then the others in the order of their creation.</param>
public sealed record CollectionDefinition(
    uint Id,
    string Name,
    CollectionType Type,
    KeyOptions KeyOptions,
    ImmutableArray<IndexDefinition> Indexes,
    bool IsSystem = false,
    bool IsLocal = false,
    bool IsSpot = false,
    bool HasStream = false,
    bool WaitForSync = false,
    bool CacheEnabled = false,
    string Model = "DOC")
{
    /// <summary>What the collection's documents share; one object per name, so documents can point at it.</summary>
    public DocumentSource Source { get; private init; } = new(Name);

    /// <summary>
    /// The collection's id in all regions and in the change log: a hash of the name it was created with and of how many of that name were dropped
    /// before. So regions that create the same name at the same time create the same collection, and one created after a drop is another.
    /// </summary>
    public ulong WireId { get; init; } = Id;

    /// <summary>
    /// The name it was given. <see cref="Name"/> differs from it when regions gave the same name to two collections at the same time: the one with the
    /// smaller wire id keeps it.
    /// </summary>
    public string DeclaredName { get; init; } = Name;

    /// <summary>When the name and the properties were given; of two regions' changes the later counts.</summary>
    public RevisionStamp DefinedAt { get; init; }

    /// <summary>Stamp of the last truncation other regions may not have seen yet: what was inserted before it is gone, whenever it arrives.</summary>
    public RevisionStamp TruncatedAt { get; init; }

    /// <summary>
    /// Id of the collection's present contents in the key space. Truncating gives a new one and leaves the old contents to be deleted
    /// in the background, so it is atomic and quick whatever the size.
    /// </summary>
    public uint ContentsId { get; init; } = Id;

    /// <summary>How attributes merge where it cannot be seen from the operations: path pattern to kind.</summary>
    public ImmutableSortedDictionary<string, string> MergeDeclarations { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The regions that keep its documents, fixed at its creation; all of them unless it names some. Every region knows of the collection itself.</summary>
    public ChangeScope KeptAt { get; init; }

    /// <summary>Whether what merging discards is kept in the journal.</summary>
    public bool KeepsConflicts { get; init; } = true;

    /// <summary>What documents must look like; null for any.</summary>
    public CollectionSchema? Schema { get; init; }

    /// <summary>Where its changes go.</summary>
    internal ChangeScope Scope => IsLocal ? ChangeScope.Local : KeptAt;

    /// <summary>What readers may rely on unless they say otherwise; null leaves it to the fabric.</summary>
    public ConsistencyLevel? Consistency { get; init; }

    /// <summary>Name of the collection that tells what merging discarded.</summary>
    public const string JournalName = "_conflicts";

    /// <summary>Name of the collection that tells what was taken over of removed regions' logs.</summary>
    public const string SalvagesName = "_salvages";

    /// <summary>Whether the server alone writes it.</summary>
    public bool IsServersOwn => IsServersOwnName(Name);

    /// <summary>Whether only the server makes a collection of that name, when it has something to tell in it.</summary>
    public static bool IsServersOwnName(string name) => name is JournalName or SalvagesName;

    /// <summary>The index of that name, or null.</summary>
    public IndexDefinition? FindIndex(string name)
    {
        foreach (var index in Indexes)
        {
            if (index.Name == name)
                return index;
        }
        return null;
    }

    internal IndexDefinition? FindIndex(uint id)
    {
        foreach (var index in Indexes)
        {
            if (index.Id == id)
                return index;
        }
        return null;
    }

    /// <summary>The collection under another name: only the name and what derives from it change.</summary>
    internal CollectionDefinition Renamed(string name) => Shown(name) with { DeclaredName = name };

    /// <summary>The collection under a name it was not given.</summary>
    internal CollectionDefinition Shown(string name) => this with { Name = name, Source = new DocumentSource(name) };
}
