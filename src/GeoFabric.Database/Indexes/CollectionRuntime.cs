using System.Diagnostics;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;

namespace GeoFabric.Database.Indexes;

/// <summary>A collection's definition with what reading and writing it needs at hand: key prefix and index maintainers. Immutable, shared.</summary>
internal sealed class CollectionRuntime
{
    private readonly byte[] _documentPrefix;

    public CollectionRuntime(CollectionDefinition definition)
    {
        Definition = definition;
        _documentPrefix = KeyLayout.DocumentPrefix(definition.ContentsId);
        Indexes = [.. definition.Indexes.Where(index => index.Kind != IndexKind.Primary).Select(index => Create(index, definition.ContentsId))];
    }

    public CollectionDefinition Definition { get; }

    public uint ContentsId => Definition.ContentsId;

    public ReadOnlySpan<byte> DocumentPrefix => _documentPrefix;

    /// <summary>Maintainers of all indexes but the primary one, which is the documents themselves.</summary>
    public IIndexMaintainer[] Indexes { get; }

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
