using System.Diagnostics;
using GeoFabric.Database.Catalog;
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
        Indexes = [.. definition.Indexes.Where(index => index.Kind != IndexKind.Primary).Select(index => Create(index, definition.ContentsId))];
        _ttlIndexes = [.. Indexes.OfType<TtlIndex>()];
    }

    public CollectionDefinition Definition { get; }

    public uint ContentsId => Definition.ContentsId;

    public ReadOnlySpan<byte> DocumentPrefix => _documentPrefix;

    /// <summary>Maintainers of all indexes but the primary one, which is the documents themselves.</summary>
    public IIndexMaintainer[] Indexes { get; }

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

    public static IIndexMaintainer Create(IndexDefinition index, uint contentsId) => index.Kind switch
    {
        IndexKind.Edge or IndexKind.Persistent => new PersistentIndex(index, contentsId),
        IndexKind.Ttl => new TtlIndex(index, contentsId),
        _ => throw new UnreachableException($"No maintainer for index kind {index.Kind}."),
    };
}
