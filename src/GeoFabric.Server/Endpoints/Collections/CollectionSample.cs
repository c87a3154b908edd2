using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;
using GeoFabric.Storage;

namespace GeoFabric.Server.Endpoints.Collections;

/// <summary>Describes the fields of a collection from some of its documents: all of a small one, runs of neighbours from all over a large one.</summary>
internal static class CollectionSample
{
    public const int DocumentsMax = 1000;

    /// <summary>Places that a large collection is read at.</summary>
    private const int PlacesMax = 20;

    /// <summary>Letters of the two keys that the keys between them are made from.</summary>
    private const int KeyLettersMax = 12;

    /// <param name="random">Says where a large collection is read; the same numbers take the same documents.</param>
    public static Value Take(IFabricReader reader, CollectionDefinition collection, int limit, Random random, CancellationToken cancellationToken)
    {
        var count = reader.CountDocuments(collection);
        var fields = new FieldTally();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (count <= limit)
        {
            Read(reader, collection, IndexRange.All, limit, fields, seen, cancellationToken);
        }
        else
        {
            var starts = Starts(reader, collection, random);
            for (var i = 0; i < starts.Count; i++)
            {
                var range = new IndexRange([], new IndexBound(Value.FromString(starts[i]), IsInclusive: true));
                Read(reader, collection, range, (limit - seen.Count) / (starts.Count - i), fields, seen, cancellationToken);
            }
        }
        return ObjectValue.Of(
            ("count", Value.FromInteger(count)),
            ("sampled", Value.FromInteger(seen.Count)),
            ("isComplete", Value.FromBoolean(seen.Count >= count)),
            ("fields", fields.Describe(seen.Count)));
    }

    private static void Read(
        IFabricReader reader, CollectionDefinition collection, IndexRange range, int limit, FieldTally fields, HashSet<string> seen, CancellationToken cancellationToken)
    {
        using var documents = reader.ScanIndex(collection, IndexDefinition.Primary, range);
        for (var taken = 0; taken < limit && documents.MoveNext();)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!seen.Add(System.Text.Encoding.UTF8.GetString(documents.DocumentKey)))
                continue;
            fields.Add(documents.Document);
            taken++;
        }
    }

    /// <summary>Keys that lie between the first and the last one, spread evenly by chance, and the first one.</summary>
    private static List<string> Starts(IFabricReader reader, CollectionDefinition collection, Random random)
    {
        var first = EndKey(reader, collection, ScanDirection.Forward);
        var last = EndKey(reader, collection, ScanDirection.Backward);
        var (low, high) = (Fraction(first), Fraction(last));
        return [first, .. Enumerable.Range(1, PlacesMax - 1).Select(_ => Key(low + ((high - low) * random.NextDouble())))];
    }

    private static string EndKey(IFabricReader reader, CollectionDefinition collection, ScanDirection direction)
    {
        using var documents = reader.ScanCollection(collection, direction);
        return documents.MoveNext() ? System.Text.Encoding.UTF8.GetString(documents.DocumentKey) : "";
    }

    /// <summary>A key as a number from 0 to 1, in the order of keys, which are ASCII.</summary>
    private static double Fraction(string key)
    {
        var fraction = 0.0;
        for (var i = Math.Min(key.Length, KeyLettersMax) - 1; i >= 0; i--)
            fraction = (fraction + key[i]) / 128;
        return fraction;
    }

    private static string Key(double fraction)
    {
        var letters = new char[KeyLettersMax];
        for (var i = 0; i < letters.Length; i++)
        {
            fraction *= 128;
            letters[i] = (char)Math.Clamp((int)fraction, 0x21, 0x7e);
            fraction -= Math.Floor(fraction);
        }
        return new string(letters);
    }
}
