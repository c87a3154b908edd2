using GeoFabric.Database.Indexes;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Reading;

/// <summary>Leaves out documents whose time has come: a transaction that cannot change them must not meet them.</summary>
internal sealed class LiveDocumentCursor(IDocumentCursor documents, CollectionRuntime collection, HybridTimestamp at) : IDocumentCursor
{
    public Value Document => documents.Document;

    public ReadOnlySpan<byte> DocumentKey => documents.DocumentKey;

    public ReadOnlySpan<byte> Covered => documents.Covered;

    public bool MoveNext()
    {
        while (documents.MoveNext())
        {
            if (!collection.IsExpired(documents.Document, at))
                return true;
        }
        return false;
    }

    public bool TryGetField(int position, out Value value) => documents.TryGetField(position, out value);

    public void Dispose() => documents.Dispose();
}
