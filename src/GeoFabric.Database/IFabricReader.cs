using GeoFabric.Database.Catalog;
using GeoFabric.Database.Inverted;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database;

/// <summary>Reads of one fabric at one moment: a <c>FabricSnapshot</c>, or a <c>FabricTransaction</c>, which also sees its own writes.</summary>
/// <remarks>
/// Documents handed out live as long as the reader. Every record is checked against its checksum (1100 when damaged). Documents of a collection that
/// this region does not keep are refused with 1479.
/// </remarks>
public interface IFabricReader
{
    CatalogSnapshot Catalog { get; }

    /// <summary>Reads a document by key. A key that cannot exist is simply not found.</summary>
    bool TryGetDocument(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, out Value document);

    /// <summary>Reads the document of every key of the batch, which is quicker than one by one.</summary>
    /// <param name="documents">As many as there are keys, in their order; null where there is none.</param>
    void GetDocuments(CollectionDefinition collection, KeyBatch keysUtf8, Span<Value> documents)
    {
        for (var index = 0; index < keysUtf8.Count; index++)
            documents[index] = TryGetDocument(collection, keysUtf8.KeyAt(index), out var document) ? document : default;
    }

    /// <summary>Whether there is such a document, without reading it: its checksum is not looked at.</summary>
    bool ContainsDocument(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8);

    /// <summary>Asks <see cref="ContainsDocument"/> for every key of the batch, which is quicker than one by one.</summary>
    /// <param name="areThere">As many as there are keys, in their order.</param>
    void ContainsDocuments(CollectionDefinition collection, KeyBatch keysUtf8, Span<bool> areThere)
    {
        for (var index = 0; index < keysUtf8.Count; index++)
            areThere[index] = ContainsDocument(collection, keysUtf8.KeyAt(index));
    }

    /// <summary>Number of documents, kept exactly with every write.</summary>
    long CountDocuments(CollectionDefinition collection);

    /// <summary>About as many as there are here, for plans: also of a collection that this region does not keep.</summary>
    long EstimateDocuments(CollectionDefinition collection);

    /// <summary>All documents in <c>_key</c> order.</summary>
    IDocumentCursor ScanCollection(CollectionDefinition collection, ScanDirection direction = ScanDirection.Forward);

    /// <summary>
    /// The documents whose entries of <paramref name="index"/> lie in <paramref name="range"/>, in index order. With an array field a
    /// document comes once for each of its entries in the range: the caller removes duplicates.
    /// </summary>
    IDocumentCursor ScanIndex(CollectionDefinition collection, IndexDefinition index, IndexRange range, ScanDirection direction = ScanDirection.Forward);

    /// <summary>
    /// The documents whose points in a multi-dimensional index lie in a box, in the order of the index. Some from right around the box come too: numbers
    /// beyond 2^53 share points, and so do all texts, arrays and objects.
    /// </summary>
    IDocumentCursor ScanBox(CollectionDefinition collection, IndexDefinition index, IndexBox box);

    /// <summary>A cursor for the edges at one vertex after another.</summary>
    /// <param name="isInbound">Edges that lead to the vertex, rather than those that begin at it.</param>
    IEdgeCursor OpenEdges(CollectionDefinition edges, bool isInbound);

    /// <summary>
    /// Whether some entries of the index are cut off because their values are long. Such an index still finds exactly the right documents,
    /// but those that agree in the part that was kept may come in any order.
    /// </summary>
    bool HasTruncatedEntries(CollectionDefinition collection, IndexDefinition index);

    /// <summary>Opens an inverted index.</summary>
    /// <exception cref="Primitives.Errors.GeoFabricException">1212 when it is not there, or is still being filled.</exception>
    InvertedReader OpenInverted(CollectionDefinition collection, IndexDefinition index);

    /// <summary>Estimated share of entries per distinct value, in (0, 1]; 1 for unique indexes of one entry each.</summary>
    double EstimateSelectivity(CollectionDefinition collection, IndexDefinition index);

    /// <summary>
    /// About as many entries as the index has in a range: exact up to some two hundred, beyond that from a histogram of its keys (docs/adr/0016).
    /// Null when they are more and there is none.
    /// </summary>
    double? EstimateEntries(CollectionDefinition collection, IndexDefinition index, IndexRange range);

    /// <summary>Changes when a collection has been analyzed.</summary>
    long StatisticsVersion { get; }
}

/// <summary>Walks documents. Use from one thread; dispose before the reader.</summary>
public interface IDocumentCursor : IDisposable
{
    bool MoveNext();

    /// <summary>The present document; only while positioned. Read from storage at the first call for index cursors.</summary>
    Value Document { get; }

    /// <summary>Moves over as many documents as there is room for and reads them, which is quicker than one by one for index cursors.</summary>
    /// <returns>How many there were; fewer than there is room for mean the end.</returns>
    int Read(Span<Value> documents)
    {
        var count = 0;
        while (count < documents.Length && MoveNext())
            documents[count++] = Document;
        return count;
    }

    /// <summary>The present document's key in UTF-8, without reading the document; only while positioned.</summary>
    ReadOnlySpan<byte> DocumentKey { get; }

    /// <summary>Index cursors: what the entry tells besides its fields, without reading the document; only while positioned. Nothing in most indexes.</summary>
    ReadOnlySpan<byte> Covered => default;

    /// <summary>Index cursors: value of the index field at <paramref name="position"/>, when the entry holds it whole. False: read it from the document.</summary>
    bool TryGetField(int position, out Value value);
}
