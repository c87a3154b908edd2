using GeoFabric.Database.Inverted;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Search;

/// <summary>What rows get of the documents that one index finds: the documents, or what the index tells of them.</summary>
/// <remarks>An index that hides documents has to read them, and one that was made before its view kept a value reads it from there.</remarks>
internal sealed class FoundDocuments
{
    private readonly EnumerateViewNode _node;
    private readonly string _collection;
    private readonly InvertedReader _reader;
    private readonly EvaluationContext _context;

    // For each projection its position among the index's fields, or what IndexProjection says.
    private readonly int[] _fields;
    private readonly bool _readsDocuments;
    private readonly bool _readsStored;
    private uint _number;
    private Value _document;

    public FoundDocuments(EnumerateViewNode node, string collection, InvertedReader reader, EvaluationContext context)
    {
        (_node, _collection, _reader, _context) = (node, collection, reader, context);
        _fields = [.. node.Projections.Select(projection => projection.Field < 0 ? projection.Field : reader.StoredFields.IndexOf(node.Held[projection.Field]))];
        _readsStored = node.Projections.Any(projection => projection.Field >= 0);
        var isHeld = node.Projections.Zip(_fields).All(pair => pair.First.Field < 0 || pair.Second >= 0);
        _readsDocuments = node.ReadsDocuments || reader.HidesDocuments || !isHeld;
    }

    /// <summary>Whether the documents are read, since the index does not tell all that is needed of them.</summary>
    public bool ReadsDocuments => _readsDocuments;

    /// <returns><see langword="false"/> when the document has expired.</returns>
    public bool TryMoveTo(uint number)
    {
        _number = number;
        return !_readsDocuments || _reader.TryGetDocument(number, out _document);
    }

    /// <summary>Writes what is needed of the present document.</summary>
    public void Write(Span<Value> row)
    {
        if (_readsDocuments)
        {
            row[_node.Variable.Slot] = _document;
            foreach (var projection in _node.Projections)
                row[projection.Variable.Slot] = projection.Path.Evaluate(_context, row);
            return;
        }
        var stored = _readsStored ? _reader.GetStored(_number) : default;
        for (var i = 0; i < _fields.Length; i++)
        {
            row[_node.Projections[i].Variable.Slot] = _fields[i] switch
            {
                IndexProjection.Key => Value.FromString(_reader.GetKey(_number)),
                IndexProjection.Id => Value.FromString($"{_collection}/{_reader.GetKey(_number)}"),
                var field => stored[field],
            };
        }
    }
}
