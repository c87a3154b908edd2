using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Geo;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Indexes;

/// <summary>
/// An index by place: one entry, the number of its smallest cell, for a document at a point; the negative numbers of a few cells that hold it for any
/// other shape; null for a document without a place, so that whoever needs those finds them too. Where all documents are at points, nobody has to look
/// for larger cells.
/// </summary>
internal sealed class GeoIndex(IndexDefinition definition, uint contentsId) : IIndexMaintainer
{
    /// <summary>Cells of one document at most; part of what clients are told about the index.</summary>
    private const int CellsMax = 8;

    private readonly byte[] _prefix = KeyLayout.IndexPrefix(contentsId, definition.Id);
    private readonly GeoPosition _position = new(definition);

    public IndexDefinition Definition => definition;

    public ReadOnlySpan<byte> Prefix => _prefix;

    public void Collect(Value document, KeyWriter fields, IIndexEntrySink entries)
    {
        if (!_position.TryRead(document, out var shape))
            Add(Value.Null, fields, entries);
        else if (shape.IsPoint)
            Add(Value.FromInteger(GeoCell.Of(shape.Points[0]).Id), fields, entries);
        else
        {
            foreach (var cell in GeoCovering.Of(GeoCap.Around(shape), CellsMax))
                Add(Value.FromInteger(-cell.Id), fields, entries);
        }
    }

    private static void Add(Value field, KeyWriter fields, IIndexEntrySink entries)
    {
        fields.Clear();
        fields.Write(field);
        entries.Add(fields.Written);
    }
}
