using System.Collections.Immutable;
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
/// <param name="Id">Unique in the fabric, never reused; the key space is laid out by it, so a rename moves nothing.</param>
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
    public DocumentSource Source { get; } = new(Name);
}
