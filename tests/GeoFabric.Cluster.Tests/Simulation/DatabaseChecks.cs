using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Verification;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>What has to hold of a real fabric at rest beyond what the model knows: indexes, counters, lists, maxima, and nothing remembered in vain.</summary>
internal static class DatabaseChecks
{
    /// <returns>Sentences about what is wrong.</returns>
    public static IEnumerable<string> Check(FabricDatabase database, IReadOnlyList<Acknowledged> surviving)
    {
        foreach (var sentence in FabricVerifier.Verify(database).Disagreements)
            yield return sentence;
        using var snapshot = database.OpenSnapshot(database.SystemScope);
        foreach (var sentence in CheckMetadata(snapshot))
            yield return sentence;
        var changes = surviving.SelectMany(transaction => transaction.Changes).ToLookup(change => change.Key);
        foreach (var document in ReadAll(snapshot))
        {
            var key = DatabaseWrites.ToModelKey(document.GetAttribute("_key"u8).Utf8);
            if (CheckDocument(key, document, [.. changes[key].Select(change => change.Value)]) is { } wrong)
                yield return $"{key} {wrong}: {document}";
        }
    }

    /// <summary>A value as text that does not depend on the order of attributes.</summary>
    public static string Sorted(Value value)
    {
        if (value.IsArray)
        {
            var items = new List<string>();
            foreach (var item in value.Items)
                items.Add(Sorted(item));
            return $"[{string.Join(',', items)}]";
        }
        if (!value.IsObject)
            return value.ToString();
        var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, inner) in value.Attributes)
            attributes[Encoding.UTF8.GetString(name)] = Sorted(inner);
        return $"{{{string.Join(',', attributes.Select(attribute => $"{attribute.Key}:{attribute.Value}"))}}}";
    }

    private static string? CheckDocument(ModelKey key, Value document, IReadOnlyList<long> values)
    {
        switch (key.Kind)
        {
            case ModelKind.Register:
                var isTouched = DatabaseWrites.IntegerOf(document, "value"u8) % 2 == 0;
                var inner = document.GetAttribute("inner"u8);
                var isWhole = DatabaseWrites.IntegerOf(document, "touches"u8) == (isTouched ? 1 : 0) && inner.GetAttribute("tags"u8).Items.Count == (isTouched ? 2 : 1)
                    && DatabaseWrites.IntegerOf(inner, "twice"u8) == 2 * DatabaseWrites.IntegerOf(document, "value"u8);
                return isWhole ? null : "is mixed of several writes";
            case ModelKind.Paired:
                return DatabaseWrites.IntegerOf(document, "writes"u8) == values.Count ? null : $"was written {values.Count} times";
            case ModelKind.Session:
                if (!DatabaseWrites.IntegersOf(document.GetAttribute("trail"u8)).Order().SequenceEqual(values.Order()))
                    return $"should list each of {string.Join(',', values.Order())} once";
                return DatabaseWrites.IntegerOf(document, "highest"u8) == values.Append(0).Max() ? null : $"should have {values.Append(0).Max()} as its highest";
            case ModelKind.Counter:
                return DatabaseWrites.IntegerOf(document.GetAttribute("parts"u8), "halves"u8) == 2 * values.Sum() ? null : $"should have {2 * values.Sum()} halves";
            default:
                var elements = DatabaseWrites.IntegersOf(document.GetAttribute("elements"u8));
                return elements.Distinct().Count() == elements.Count ? null : "shows an element twice";
        }
    }

    /// <summary>Documents that were replaced whole remember nothing, and nothing is remembered of documents that are gone.</summary>
    private static IEnumerable<string> CheckMetadata(GeoFabric.Database.Transactions.FabricSnapshot snapshot)
    {
        foreach (var name in (string[])[DatabaseWrites.Registers, DatabaseWrites.Sums])
        {
            if (!snapshot.Catalog.TryGetCollection(name, out var collection))
                continue;
            using var cursor = snapshot.Storage.OpenCursor(KeyLayout.MergeMetadataOf(collection.ContentsId));
            while (cursor.MoveNext())
            {
                var isThere = snapshot.Storage.TryGet([(byte)Keyspace.Documents, .. cursor.Key[1..]], out _);
                if (!isThere)
                    yield return $"{cursor.Value.Length} bytes are remembered of a document of {name} that is gone";
            }
        }
    }

    private static List<Value> ReadAll(GeoFabric.Database.Transactions.FabricSnapshot snapshot)
    {
        var documents = new List<Value>();
        foreach (var name in (string[])[DatabaseWrites.Registers, DatabaseWrites.Sums])
        {
            if (!snapshot.Catalog.TryGetCollection(name, out var collection))
                continue;
            using var cursor = snapshot.ScanCollection(collection);
            while (cursor.MoveNext())
                documents.Add(cursor.Document.Detach());
        }
        return documents;
    }
}
