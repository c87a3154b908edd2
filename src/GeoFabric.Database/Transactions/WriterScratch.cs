using GeoFabric.Database.Changes;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Indexes;
using GeoFabric.Database.Inverted;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Transactions;

/// <summary>Buffers of a fabric's one writer, reused from transaction to transaction.</summary>
internal sealed class WriterScratch(DatabaseOptions options)
{
    public DocumentBuilder Documents { get; } = new(new ValueBuilder(16 << 10), options.DocumentBytesMax);

    public IndexWriter Indexes { get; } = new(new KeyWriter());

    public InvertedWriter Inverted { get; } = new();

    public CounterRows Counters { get; } = new();

    public ChangeBuffer Changes { get; } = new(leavesOutLocal: options.IsReplicated);

    public void Reset()
    {
        Documents.Reset();
        Counters.Clear();
        Changes.Clear();
    }
}
