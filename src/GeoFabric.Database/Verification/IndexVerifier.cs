using GeoFabric.Database.Catalog;
using GeoFabric.Database.Indexes;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Reading;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Verification;

/// <summary>Compares an index of single values with the documents: every entry a document should have is there, there are no others, and the counts are right.</summary>
internal sealed class IndexVerifier(IStorageReader storage, FabricReads reads, CollectionRuntime collection, IIndexMaintainer index, Findings findings)
{
    private readonly IndexEntrySet _expected = new();
    private long _documented;

    private IndexDefinition Definition => index.Definition;

    private string Collection => collection.Definition.Name;

    /// <summary>Every entry the document should have is there and leads back to it.</summary>
    public void VerifyDocument(Value document, ReadOnlySpan<byte> encodedKey, KeyWriter fields)
    {
        Expect(document, encodedKey, fields);
        for (var i = 0; i < _expected.Count; i++)
        {
            var found = TryGetEntry(_expected.KeyAt(i), out var value);
            if (found && IndexEntryRecord.IsWhole(_expected.KeyAt(i), value) && IndexEntryRecord.DocumentKeyOf(_expected.KeyAt(i), value).SequenceEqual(encodedKey)
                && IndexEntryRecord.CoveredOf(value).SequenceEqual(_expected.Covered))
                _documented++;
            else if (!Definition.IsBuilding)
                findings.Report($"{Collection}/{DocumentKeyCodec.DecodeToString(encodedKey)}: its entry in index {Definition.Name} {(found ? "leads elsewhere" : "is missing")}");
        }
    }

    /// <summary>There are as many entries as documents account for, so none is left over, and the statistics are what the entries say.</summary>
    public VerifiedIndex Finish()
    {
        var name = $"{Collection}, index {Definition.Name}";
        Span<long> counted = stackalloc long[IndexCounter.Size];
        counted.Clear();
        byte[] previous = [];
        var damaged = ReportDamaged(name);
        // Entries that share a value cannot be walked when it is damaged.
        if (damaged > 0 && Definition.Kind == IndexKind.Edge)
            return new VerifiedIndex(Definition.Name, Definition.TypeName, _documented, Definition.IsBuilding, findings.Count);
        using (var cursor = index.OpenEntries(storage, KeyRange.WithPrefix(index.Prefix)))
        {
            while (cursor.MoveNext())
            {
                counted[IndexCounter.Entries]++;
                if (!IndexEntryRecord.IsWhole(cursor.Key, cursor.Value))
                    continue;
                if (IndexEntryRecord.IsTruncated(cursor.Value))
                    counted[IndexCounter.Truncated]++;
                var fields = IndexEntryRecord.FieldsOf(cursor.Key, cursor.Value);
                if (Definition.IsUnique || !IndexWriter.IsSampled(fields))
                    continue;
                counted[IndexCounter.SampledEntries]++;
                if (fields.SequenceEqual(previous))
                    continue;
                counted[IndexCounter.SampledDistinct]++;
                previous = fields.ToArray();
            }
        }
        var entries = counted[IndexCounter.Entries];
        if (entries != _documented)
        {
            findings.Report($"{name}: {entries} entries, {_documented} of them from documents");
            NameStrays();
        }
        var stored = reads.ReadIndexCounters(collection, Definition);
        findings.ReportUnless(counted.SequenceEqual(stored), $"{name}: counters say {string.Join('/', stored)}, the entries {string.Join('/', counted.ToArray())}");
        return new VerifiedIndex(Definition.Name, Definition.TypeName, entries, Definition.IsBuilding, findings.Count);
    }

    private int ReportDamaged(string name)
    {
        var damaged = 0;
        using var cursor = storage.OpenCursor(KeyRange.WithPrefix(index.Prefix));
        while (cursor.MoveNext())
        {
            if (index.IsWhole(cursor.Key, cursor.Value))
                continue;
            damaged++;
            findings.Report($"{name}: entry {Convert.ToHexString(cursor.Key)} is damaged");
        }
        return damaged;
    }

    private bool TryGetEntry(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        try
        {
            return index.TryGetEntry(storage, key, out value);
        }
        catch (InvalidDataException)
        {
            value = default;
            return false;
        }
    }

    /// <summary>Looks again at all entries, now from their side.</summary>
    private void NameStrays()
    {
        using var fields = new KeyWriter();
        using var cursor = index.OpenEntries(storage, KeyRange.WithPrefix(index.Prefix));
        while (cursor.MoveNext())
        {
            if (!IndexEntryRecord.IsWhole(cursor.Key, cursor.Value))
                continue;
            var encodedKey = IndexEntryRecord.DocumentKeyOf(cursor.Key, cursor.Value).ToArray();
            string what;
            if (!DocumentKeyCodec.TryDecode(encodedKey, out var key))
                what = "has no key of a document";
            else if (!storage.TryGet([.. collection.DocumentPrefix, .. encodedKey], out var record))
                what = $"is of document '{key}', which does not exist";
            else if (!DocumentRecord.IsIntact([.. collection.DocumentPrefix, .. encodedKey], record))
                what = $"is of document '{key}', which is damaged";
            else if (!Expects(cursor.Key, Value.FromDocument(collection.Definition.Source, record), encodedKey, fields))
                what = $"is not one that document '{key}' should have";
            else
                continue;
            findings.Report($"{Collection}, index {Definition.Name}: entry {Convert.ToHexString(cursor.Key)} {what}");
        }
    }

    private bool Expects(ReadOnlySpan<byte> entry, Value document, ReadOnlySpan<byte> encodedKey, KeyWriter fields)
    {
        Expect(document, encodedKey, fields);
        for (var i = 0; i < _expected.Count; i++)
        {
            if (_expected.KeyAt(i).SequenceEqual(entry))
                return true;
        }
        return false;
    }

    private void Expect(Value document, ReadOnlySpan<byte> encodedKey, KeyWriter fields)
    {
        _expected.Begin(index, encodedKey, document);
        index.Collect(document, fields, _expected);
        _expected.Finish();
    }
}
