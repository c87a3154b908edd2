using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Indexes;

/// <summary>Re-reads from a document the whole fields behind an entry that was cut.</summary>
internal sealed class FullFieldsSink : IIndexEntrySink
{
    private readonly byte[] _storedFields;
    private readonly List<byte[]> _matches = [];

    private FullFieldsSink(ReadOnlySpan<byte> storedFields) => _storedFields = storedFields.ToArray();

    /// <summary>The whole encodings of the document's entries that are stored as <paramref name="storedFields"/>; usually one.</summary>
    public static IReadOnlyList<byte[]> Read(IIndexMaintainer index, Value document, ReadOnlySpan<byte> storedFields)
    {
        var sink = new FullFieldsSink(storedFields);
        using var fields = new KeyWriter();
        index.Collect(document, fields, sink);
        return sink._matches;
    }

    public void Add(ReadOnlySpan<byte> fields)
    {
        if (IndexFields.StoredSize(fields) != _storedFields.Length)
            return;
        Span<byte> stored = stackalloc byte[KeyLayout.IndexFieldsSizeMax + KeyLayout.IndexHashSize];
        IndexFields.Write(stored, fields);
        if (stored[.._storedFields.Length].SequenceEqual(_storedFields))
            _matches.Add(fields.ToArray());
    }
}
