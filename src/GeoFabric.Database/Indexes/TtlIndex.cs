using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Indexes;

/// <summary>An index by the time from which a document's life is counted, in seconds since 1970. Documents without such a time never expire.</summary>
internal sealed class TtlIndex : IIndexMaintainer
{
    private readonly byte[] _prefix;
    private readonly byte[][] _path;

    public TtlIndex(IndexDefinition definition, uint contentsId)
    {
        Definition = definition;
        _prefix = KeyLayout.IndexPrefix(contentsId, definition.Id);
        _path = [.. definition.Fields[0].Segments.Select(Encoding.UTF8.GetBytes)];
    }

    public IndexDefinition Definition { get; }

    public ReadOnlySpan<byte> Prefix => _prefix;

    public void Collect(Value document, KeyWriter fields, IIndexEntrySink entries)
    {
        if (!TryGetTime(document, out var seconds))
            return;
        fields.Clear();
        fields.Write(Value.FromDouble(seconds));
        entries.Add(fields.Written);
    }

    public bool HasSameFields(Value left, Value right) => IndexFields.AreSame(IndexFields.Walk(left, _path), IndexFields.Walk(right, _path));

    /// <summary>Whether the document's life is over at <paramref name="now"/>.</summary>
    public bool IsExpired(Value document, double now) => TryGetTime(document, out var seconds) && seconds + Definition.ExpireAfterSeconds <= now;

    private bool TryGetTime(Value document, out double seconds) => ExpiryTime.TryRead(IndexFields.Walk(document, _path), out seconds);
}
