using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Inverted;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Query.Explain;

/// <summary>A fabric as it would be with one index more, for making plans only. What the index would hold is judged by some of the documents.</summary>
/// <param name="added">Not on items of arrays.</param>
internal sealed class WhatIfReader(IFabricReader reader, CollectionDefinition collection, IndexDefinition added) : IFabricReader
{
    /// <summary>Documents looked at.</summary>
    private const int SampleMax = 2000;

    private List<Value[]>? _sample;

    public CatalogSnapshot Catalog { get; } = reader.Catalog with
    {
        Collections = reader.Catalog.Collections.SetItem(collection.Name, collection with { Indexes = collection.Indexes.Add(added) }),
    };

    public long StatisticsVersion => reader.StatisticsVersion;

    private List<Value[]> Sample => _sample ??= ReadSample();

    public double EstimateSelectivity(CollectionDefinition asked, IndexDefinition index)
    {
        if (index.Id != added.Id)
            return reader.EstimateSelectivity(asked, index);
        var distinct = Sample.Select(fields => Value.FromList(fields)).ToHashSet().Count;
        // Values that come again and again in some documents are likely to be all there are.
        return distinct > Sample.Count / 2 ? 1 : distinct / Math.Max(1.0, reader.EstimateDocuments(asked));
    }

    public double? EstimateEntries(CollectionDefinition asked, IndexDefinition index, IndexRange range)
    {
        if (index.Id != added.Id)
            return reader.EstimateEntries(asked, index, range);
        return Sample.Count == 0 ? 0 : (double)Sample.Count(fields => Contains(range, fields)) * reader.EstimateDocuments(asked) / Sample.Count;
    }

    public bool TryGetDocument(CollectionDefinition asked, ReadOnlySpan<byte> keyUtf8, out Value document) => reader.TryGetDocument(asked, keyUtf8, out document);

    public bool ContainsDocument(CollectionDefinition asked, ReadOnlySpan<byte> keyUtf8) => reader.ContainsDocument(asked, keyUtf8);

    public long CountDocuments(CollectionDefinition asked) => reader.CountDocuments(asked);

    public long EstimateDocuments(CollectionDefinition asked) => reader.EstimateDocuments(asked);

    public IDocumentCursor ScanCollection(CollectionDefinition asked, ScanDirection direction = ScanDirection.Forward) => reader.ScanCollection(asked, direction);

    public IDocumentCursor ScanIndex(CollectionDefinition asked, IndexDefinition index, IndexRange range, ScanDirection direction = ScanDirection.Forward) =>
        reader.ScanIndex(asked, index, range, direction);

    public IDocumentCursor ScanBox(CollectionDefinition asked, IndexDefinition index, IndexBox box) => reader.ScanBox(asked, index, box);

    public IEdgeCursor OpenEdges(CollectionDefinition edges, bool isInbound) => reader.OpenEdges(edges, isInbound);

    public bool HasTruncatedEntries(CollectionDefinition asked, IndexDefinition index) => reader.HasTruncatedEntries(asked, index);

    public InvertedReader OpenInverted(CollectionDefinition asked, IndexDefinition index) => reader.OpenInverted(asked, index);

    private static bool Contains(IndexRange range, Value[] fields)
    {
        for (var i = 0; i < range.EqualTo.Length; i++)
        {
            if (!ValueComparer.Equal(fields[i], range.EqualTo[i]))
                return false;
        }
        if (range.Lower is null && range.Upper is null)
            return true;
        var next = fields[range.EqualTo.Length];
        return (range.Lower is not { } lower || IsWithin(ValueComparer.Compare(next, lower.Value), lower.IsInclusive))
            && (range.Upper is not { } upper || IsWithin(ValueComparer.Compare(upper.Value, next), upper.IsInclusive));
    }

    private static bool IsWithin(int order, bool isInclusive) => order > 0 || (order == 0 && isInclusive);

    private List<Value[]> ReadSample()
    {
        var sample = new List<Value[]>();
        using var cursor = reader.ScanCollection(collection);
        while (sample.Count < SampleMax && cursor.MoveNext())
        {
            var document = cursor.Document;
            sample.Add([.. added.Fields.Select(field => field.Segments.Aggregate(document, (value, name) => value.GetAttribute(System.Text.Encoding.UTF8.GetBytes(name))))]);
        }
        return sample;
    }
}
