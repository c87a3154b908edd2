using System.Collections.Immutable;

namespace GeoFabric.Database.Catalog;

/// <summary>What a client asks for when it creates a collection.</summary>
public sealed record CollectionSettings(string Name, CollectionType Type = CollectionType.Document)
{
    public KeyOptions KeyOptions { get; init; } = KeyOptions.Traditional;

    /// <summary>System collections have names that begin with an underscore.</summary>
    public bool IsSystem { get; init; }

    public bool IsLocal { get; init; }

    public bool IsSpot { get; init; }

    /// <summary>The regions that keep its documents; all of them unless it names some.</summary>
    public Layout.ChangeScope KeptAt { get; init; }

    /// <summary>What readers may rely on unless they say otherwise; null leaves it to the fabric.</summary>
    public ConsistencyLevel? Consistency { get; init; }

    public bool HasStream { get; init; }

    public bool WaitForSync { get; init; }

    public bool CacheEnabled { get; init; }

    /// <summary>"DOC", "KV", "DYNAMO" or "REDIS".</summary>
    public string Model { get; init; } = "DOC";

    /// <summary>How attributes merge where it cannot be seen from the operations: path pattern to "infer", "counter", "set", "list", "max", "min" or "whole".</summary>
    public ImmutableSortedDictionary<string, string> MergeDeclarations { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Whether what merging discards is kept in the journal.</summary>
    public bool KeepsConflicts { get; init; } = true;

    /// <summary>What documents must look like; null for any.</summary>
    public CollectionSchema? Schema { get; init; }
}

/// <summary>Changes to a collection's properties; null leaves one as it is.</summary>
public sealed record CollectionPropertiesPatch(
    bool? HasStream = null, bool? WaitForSync = null, bool? CacheEnabled = null, ConsistencyLevel? Consistency = null)
{
    /// <summary>All declarations; those before are replaced.</summary>
    public ImmutableSortedDictionary<string, string>? MergeDeclarations { get; init; }

    public bool? KeepsConflicts { get; init; }

    /// <summary>Whether <see cref="Schema"/> replaces the one before.</summary>
    public bool ChangesSchema { get; init; }

    /// <summary>Null takes the schema away.</summary>
    public CollectionSchema? Schema { get; init; }
}

/// <summary>Sizes of a collection.</summary>
/// <param name="DocumentBytes">Sum of the stored records.</param>
/// <param name="IndexEntries">Entries of all secondary indexes.</param>
/// <param name="LastKey">Last key value the autoincrement generator handed out; 0 for none.</param>
public sealed record CollectionFigures(long Count, long DocumentBytes, long IndexEntries, long LastKey);

/// <summary>Sizes of an index.</summary>
/// <param name="Entries">Kept exactly with every write; documents for the primary index, 0 for inverted ones.</param>
/// <param name="SizeBytes">Keys and values, estimated from the first hundred entries; 0 for the primary index, whose entries are the documents.</param>
public sealed record IndexFigures(long Entries, long SizeBytes);
