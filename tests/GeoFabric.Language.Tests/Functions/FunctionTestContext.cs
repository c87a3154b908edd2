using System.Collections.Immutable;
using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Language.Tests.Functions;

/// <summary>Records warnings; has a fixed clock, a seeded random source and a fabric of two small collections.</summary>
public sealed class FunctionTestContext : EvaluationContext
{
    public static readonly DateTimeOffset Now = new(2024, 5, 17, 12, 30, 15, 250, TimeSpan.Zero);

    public List<int> Warnings { get; } = [];

    public long ReservedBytes { get; private set; }

    public override TimeProvider Clock { get; } = new FixedClock();

    public override Random Random { get; } = new(42);

    public override string? UserName => "root";

    public override string FabricName => "_system";

    public override IFabricReader Reader { get; } = new TwoCollections();

    public override void Warn(ErrorCode code, string detail)
    {
        Warnings.Add(code.Number);
    }

    /// <summary>How often a call may ask before it is told to stop; any number of times when null.</summary>
    public int? StopsAfter { get; set; }

    public override void ThrowIfStopped()
    {
        if (StopsAfter-- <= 0)
            throw ErrorCodes.QueryKilled.Create();
    }

    public override void ReserveMemory(long bytes) => ReservedBytes += bytes;

    public override void DemandMemory(long bytes)
    {
        // Nothing is refused.
    }

    private sealed class FixedClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class TwoCollections : IFabricReader
    {
        private static readonly Dictionary<string, Value> Documents = new(StringComparer.Ordinal)
        {
            ["animals/fox"] = JsonValueReader.Parse("""{"_id":"animals/fox","_key":"fox","legs":4}"""u8),
            ["animals/hen"] = JsonValueReader.Parse("""{"_id":"animals/hen","_key":"hen","legs":2}"""u8),
            ["plants/foxglove"] = JsonValueReader.Parse("""{"_id":"plants/foxglove","_key":"foxglove"}"""u8),
        };

        public CatalogSnapshot Catalog { get; } = new(1, ImmutableDictionary.CreateRange(StringComparer.Ordinal, new KeyValuePair<string, CollectionDefinition>[]
        {
            new("plants", new CollectionDefinition(8, "plants", CollectionType.Document, KeyOptions.Traditional, [])),
            new("animals", new CollectionDefinition(7, "animals", CollectionType.Document, KeyOptions.Traditional, [])),
        }));

        public bool TryGetDocument(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, out Value document) =>
            Documents.TryGetValue($"{collection.Name}/{Encoding.UTF8.GetString(keyUtf8)}", out document);

        public bool ContainsDocument(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8) => TryGetDocument(collection, keyUtf8, out _);

        public long CountDocuments(CollectionDefinition collection) => Documents.Keys.Count(id => id.StartsWith(collection.Name + "/", StringComparison.Ordinal));

        public long EstimateDocuments(CollectionDefinition collection) => CountDocuments(collection);

        public IEdgeCursor OpenEdges(CollectionDefinition edges, bool isInbound) => throw new NotSupportedException();

        public IDocumentCursor ScanCollection(CollectionDefinition collection, Storage.ScanDirection direction = Storage.ScanDirection.Forward) => throw new NotSupportedException();

        public IDocumentCursor ScanIndex(CollectionDefinition collection, IndexDefinition index, IndexRange range, Storage.ScanDirection direction = Storage.ScanDirection.Forward) =>
            throw new NotSupportedException();

        public IDocumentCursor ScanBox(CollectionDefinition collection, IndexDefinition index, IndexBox box) => throw new NotSupportedException();

        public bool HasTruncatedEntries(CollectionDefinition collection, IndexDefinition index) => false;

        public GeoFabric.Database.Inverted.InvertedReader OpenInverted(CollectionDefinition collection, IndexDefinition index) => throw new NotSupportedException();

        public double EstimateSelectivity(CollectionDefinition collection, IndexDefinition index) => 1;

        public double? EstimateEntries(CollectionDefinition collection, IndexDefinition index, IndexRange range) => null;

        public long StatisticsVersion => 0;
    }
}
