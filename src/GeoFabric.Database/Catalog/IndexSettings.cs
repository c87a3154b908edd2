using System.Collections.Immutable;

namespace GeoFabric.Database.Catalog;

/// <summary>What a client asks for when it creates an index.</summary>
/// <param name="TypeName">"persistent", "hash", "skiplist", "ttl", "geo", "mdi", "mdi-prefixed", "zkd", "vector", "inverted" or "fulltext".</param>
/// <param name="Fields">Attribute paths as clients write them: <c>a.b</c>, <c>tags[*]</c>, <c>items[*].name</c>.</param>
public sealed record IndexSettings(string TypeName, ImmutableArray<string> Fields)
{
    /// <summary>Null asks for a made-up name, <c>idx_</c> and the index's id.</summary>
    public string? Name { get; init; }

    public bool IsUnique { get; init; }

    public bool IsSparse { get; init; }

    public bool Deduplicate { get; init; } = true;

    /// <summary>Type "fulltext" only: characters of the shortest word that is found.</summary>
    public int MinLength { get; init; } = 2;

    /// <summary>Type "inverted" only: what is found, and how.</summary>
    public SearchField? Search { get; init; }

    /// <summary>Type "inverted" only: what is kept of documents.</summary>
    public StoredValues Stored { get; init; } = StoredValues.None;

    /// <summary>Type "inverted" only: by which scores the best documents will be asked for, as it was said. Told back: the best by any score are found without it.</summary>
    public ImmutableArray<string> ScoreOrders { get; init; } = [];

    /// <summary>Type "mdi-prefixed" only: attribute paths that are looked up by their values, in front of <see cref="Fields"/>, which are the dimensions.</summary>
    public ImmutableArray<string> PrefixFields { get; init; } = [];

    /// <summary>Type "vector" only.</summary>
    public VectorSettings? Vector { get; init; }

    /// <summary>Type "vector" only: the middles of its lists. Learned from the collection's documents when the index is created.</summary>
    internal ImmutableArray<float> Centroids { get; init; } = [];

    /// <summary>Type "ttl" only.</summary>
    public double ExpireAfterSeconds { get; init; }

    /// <summary>Type "geo" with one field only: GeoJSON or [longitude, latitude], not [latitude, longitude].</summary>
    public bool IsGeoJson { get; init; }
}

/// <summary>Answer to an index creation; an identical index that existed already is not new.</summary>
public readonly record struct IndexCreation(IndexDefinition Definition, bool IsNew);
