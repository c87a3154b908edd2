using System.Diagnostics;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Inverted;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Merging;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Indexes;

/// <summary>A collection's definition with what reading and writing it needs at hand: key prefix and index maintainers. Immutable, shared.</summary>
internal sealed class CollectionRuntime
{
    private readonly byte[] _documentPrefix;
    private readonly TtlIndex[] _ttlIndexes;

    public CollectionRuntime(CollectionDefinition definition)
    {
        Definition = definition;
        _documentPrefix = KeyLayout.DocumentPrefix(definition.ContentsId);
        Indexes = [.. definition.Indexes.Where(index => index.Kind is not (IndexKind.Primary or IndexKind.Inverted)).Select(index => Create(index, definition.ContentsId))];
        InvertedIndexes = [.. definition.Indexes.Where(index => index.Kind == IndexKind.Inverted).Select(index => new InvertedIndex(index, definition.ContentsId))];
        _ttlIndexes = [.. Indexes.OfType<TtlIndex>()];
    }

    public CollectionDefinition Definition { get; }

    public uint ContentsId => Definition.ContentsId;

    public ReadOnlySpan<byte> DocumentPrefix => _documentPrefix;

    /// <summary>Maintainers of the indexes whose entries are single values.</summary>
    public IIndexMaintainer[] Indexes { get; }

    /// <summary>The indexes of terms.</summary>
    public InvertedIndex[] InvertedIndexes { get; }

    /// <summary>Whether its documents may expire.</summary>
    public bool HasExpiry => _ttlIndexes.Length > 0;

    /// <summary>Whether a document's life is over at a time.</summary>
    public bool IsExpired(Value document, HybridTimestamp at)
    {
        foreach (var index in _ttlIndexes)
        {
            if (index.IsExpired(document, at.UnixMilliseconds / 1000.0))
                return true;
        }
        return false;
    }

    /// <summary>Whether a document's life was over for the writer of a transaction, who knew what is known here of it.</summary>
    public bool WasExpired(Value document, in MergeContext context)
    {
        if (!HasExpiry || !context.HasObserved(DocumentHeader.ReadStamp(document.Record)))
            return false;
        foreach (var index in _ttlIndexes)
        {
            if (context.HasObserved(index.Definition.DefinedAt) && index.IsExpired(document, context.Stamp.Timestamp.UnixMilliseconds / 1000.0))
                return true;
        }
        return false;
    }

    public IIndexMaintainer? FindIndex(uint id)
    {
        foreach (var index in Indexes)
        {
            if (index.Definition.Id == id)
                return index;
        }
        return null;
    }

    public InvertedIndex? FindInverted(uint id) => Array.Find(InvertedIndexes, index => index.Definition.Id == id);

    public static IIndexMaintainer Create(IndexDefinition index, uint contentsId) => index.Kind switch
    {
        IndexKind.Edge => new EdgeIndex(index, contentsId),
        IndexKind.Persistent => new PersistentIndex(index, contentsId),
        IndexKind.Ttl => new TtlIndex(index, contentsId),
        IndexKind.Geo => new GeoIndex(index, contentsId),
        IndexKind.Vector => new VectorIndex(index, contentsId),
        IndexKind.MultiDimensional => new MultiDimensionalIndex(index, contentsId),
        _ => throw new UnreachableException($"No maintainer for index kind {index.Kind}."),
    };
}
