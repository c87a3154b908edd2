using System.Collections.Immutable;

namespace GeoFabric.Database.Catalog;

/// <summary>Attributes that a client wants kept together.</summary>
/// <param name="Compression">"lz4" or "none", told back to the client: values are kept as they are in documents.</param>
public sealed record StoredValueGroup(ImmutableArray<string> Fields, string Compression)
{
    public const string DefaultCompression = "lz4";

    public static IReadOnlyList<string> Compressions { get; } = [DefaultCompression, "none"];

    public bool Equals(StoredValueGroup? other) => other is not null && Compression == other.Compression && Fields.SequenceEqual(other.Fields, StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(Compression, Fields.Length);
}

/// <summary>What an inverted index keeps of each document beside its terms, so that queries that need no more read no document.</summary>
/// <param name="PrimarySort">Kept like the groups. Documents are found in the order of their numbers whatever it says, and sorted by what is kept.</param>
public sealed record StoredValues(ImmutableArray<StoredValueGroup> Groups, ImmutableArray<(string Field, bool IsAscending)> PrimarySort)
{
    public const int FieldsMax = 64;

    public static StoredValues None { get; } = new([], []);

    /// <summary>
    /// What is kept, each path once. Not <c>_key</c> and <c>_id</c>, which every index tells, nor <c>_rev</c>, which belongs to the record of the document.
    /// </summary>
    public ImmutableArray<IndexField> Fields { get; } =
        [.. Groups.SelectMany(group => group.Fields).Concat(PrimarySort.Select(item => item.Field)).Distinct(StringComparer.Ordinal)
            .Where(path => path is not ("_key" or "_id" or "_rev")).Select(path => new IndexField([.. path.Split('.')]))];

    public bool IsEmpty => Groups.IsEmpty && PrimarySort.IsEmpty;

    public bool Equals(StoredValues? other) => other is not null && Groups.SequenceEqual(other.Groups) && PrimarySort.SequenceEqual(other.PrimarySort);

    public override int GetHashCode() => HashCode.Combine(Groups.Length, PrimarySort.Length);
}
