using System.Collections.Immutable;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Database.Catalog;

/// <summary>Kinds of index. Persisted: append only.</summary>
public enum IndexKind : byte
{
    /// <summary>The documents themselves, ordered by <c>_key</c>. Every collection has it; it is not stored in the catalog's records.</summary>
    Primary = 0,

    /// <summary>Both directions of an edge collection: one index on <c>_from</c>, one on <c>_to</c>, shown to clients as one.</summary>
    Edge = 1,

    /// <summary>Ordered index over one to several attribute paths. "hash" and "skiplist" are the same under other names.</summary>
    Persistent = 2,

    /// <summary>Ordered index over one numeric or date attribute whose documents expire.</summary>
    Ttl = 3,

    /// <summary>Where on the globe documents are: numbers of cells, or null for documents that say no place.</summary>
    Geo = 4,

    /// <summary>Terms and the documents that have them: "inverted", "fulltext", and "search" for the indexes of views.</summary>
    Inverted = 5,

    /// <summary>Several numbers at once, for ranges on all of them: "mdi", "mdi-prefixed" and "zkd".</summary>
    MultiDimensional = 6,

    /// <summary>Vectors, divided into lists of those that are near each other.</summary>
    Vector = 7,
}

/// <summary>An attribute path of an index, such as <c>address.city</c> or <c>tags[*]</c>.</summary>
/// <param name="Segments">The names from the document down.</param>
/// <param name="ExpansionAt">
/// Number of segments before <c>[*]</c>, or -1. <c>a[*].b</c> has segments a and b and expands at 1: each item's b is an entry of its own.
/// </param>
public sealed record IndexField(ImmutableArray<string> Segments, int ExpansionAt = -1)
{
    public bool IsExpanded => ExpansionAt >= 0;

    /// <summary>The path as clients write it.</summary>
    public string Text => string.Concat(Segments.Select((name, i) => (i == 0 ? "" : ".") + name + (i + 1 == ExpansionAt ? "[*]" : "")));

    public bool Equals(IndexField? other) => other is not null && ExpansionAt == other.ExpansionAt && Segments.SequenceEqual(other.Segments, StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(Segments.Length, Segments[0], ExpansionAt);
}

/// <summary>An index of one collection. An edge collection carries two of <see cref="IndexKind.Edge"/>, one on _from and one on _to, which clients see as one.</summary>
/// <param name="Id">Unique in the fabric, never reused. 0 is the primary index of any collection.</param>
/// <param name="TypeName">What the client called it: "primary", "edge", "persistent", "hash", "skiplist", "ttl", "geo", "mdi", "mdi-prefixed", "zkd", "vector", "inverted", "fulltext" or "search".</param>
/// <param name="IsUnique">At most one document per combination of values.</param>
/// <param name="IsSparse">Documents in which any of the fields is null or missing have no entry.</param>
/// <param name="Deduplicate">Repeated items of one document's array count once.</param>
/// <param name="ExpireAfterSeconds">TTL only: seconds after the attribute's time at which the document expires.</param>
/// <param name="IsBuilding">Not yet complete: kept up to date by writers, not yet used by queries.</param>
public sealed record IndexDefinition(
    uint Id,
    string Name,
    IndexKind Kind,
    string TypeName,
    ImmutableArray<IndexField> Fields,
    bool IsUnique = false,
    bool IsSparse = false,
    bool Deduplicate = true,
    double ExpireAfterSeconds = 0,
    bool IsBuilding = false)
{
    /// <summary>When it was defined: regions that had not heard of a TTL index did not hide what it says is over.</summary>
    public RevisionStamp DefinedAt { get; init; }

    /// <summary>Geo with one field only: it holds GeoJSON or [longitude, latitude], not [latitude, longitude].</summary>
    public bool IsGeoJson { get; init; }

    /// <summary>Multi-dimensional only: how many of <see cref="Fields"/>, from the first on, are looked up by their values and are no dimensions.</summary>
    public int PrefixFields { get; init; }

    /// <summary>Vector only: how vectors are divided.</summary>
    public VectorSettings? Vector { get; init; }

    /// <summary>Vector only: the middles of the lists one behind another, learned when the index was made. None makes one list of all.</summary>
    public ImmutableArray<float> Centroids { get; init; } = [];

    /// <summary>Inverted only: what is found, and how.</summary>
    public SearchField? Search { get; init; }

    /// <summary>Inverted only: what it keeps of documents beside their terms.</summary>
    public StoredValues Stored { get; init; } = StoredValues.None;

    /// <summary>Inverted only: by which scores the best documents will be asked for, as the client said. Told back: the best by any score are found without it.</summary>
    public ImmutableArray<string> ScoreOrders { get; init; } = [];

    /// <summary>The view it belongs to; 0 for none. Clients see the view instead of it.</summary>
    public ulong ViewId { get; init; }

    /// <summary>The documents themselves, ordered by <c>_key</c>; the first index of every collection.</summary>
    public static IndexDefinition Primary { get; } =
        new(0, "primary", IndexKind.Primary, "primary", [new IndexField(["_key"])], IsUnique: true);

    /// <summary>Whether both describe the same index but for name, id and state.</summary>
    public bool HasSameShape(IndexDefinition other) =>
        Kind == other.Kind
        && TypeName == other.TypeName
        && Fields.SequenceEqual(other.Fields)
        && IsUnique == other.IsUnique
        && IsSparse == other.IsSparse
        && Deduplicate == other.Deduplicate
        && IsGeoJson == other.IsGeoJson
        && PrefixFields == other.PrefixFields
        && ViewId == other.ViewId
        && Equals(Vector, other.Vector)
        && Equals(Search, other.Search)
        && Stored.Equals(other.Stored)
        && ScoreOrders.SequenceEqual(other.ScoreOrders, StringComparer.Ordinal)
        && ExpireAfterSeconds.Equals(other.ExpireAfterSeconds);
}
