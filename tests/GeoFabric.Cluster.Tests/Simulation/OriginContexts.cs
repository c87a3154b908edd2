using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Frames;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>For each region, what it had observed of the others when it wrote the last of its records that was applied here.</summary>
internal sealed class OriginContexts
{
    private readonly SortedDictionary<ushort, SortedDictionary<ushort, HybridTimestamp>> _observed = [];

    public void Note(ushort writer, IEnumerable<ChangeDependency> changed)
    {
        foreach (var dependency in changed)
            Of(writer)[dependency.Region] = dependency.Timestamp;
    }

    /// <summary>Whether the writer of the record being applied had seen a stamp; its own it always had.</summary>
    public bool HasObserved(ushort writer, RevisionStamp stamp) =>
        stamp.Origin == writer || stamp.Timestamp <= Of(writer).GetValueOrDefault(stamp.Origin);

    public SortedDictionary<ushort, HybridTimestamp> Of(ushort region)
    {
        if (!_observed.TryGetValue(region, out var observed))
            _observed.Add(region, observed = []);
        return observed;
    }

    public OriginContexts Copy()
    {
        var copy = new OriginContexts();
        foreach (var (region, observed) in _observed)
            copy.Take(region, this);
        return copy;
    }

    /// <summary>Takes over what another knows of a region.</summary>
    public void Take(ushort region, OriginContexts from)
    {
        _observed[region] = new SortedDictionary<ushort, HybridTimestamp>(from.Of(region));
    }

    public void Write(FrameWriter writer)
    {
        writer.Number((ulong)_observed.Count);
        foreach (var (region, observed) in _observed)
        {
            writer.Number(region);
            writer.Number((ulong)observed.Count);
            foreach (var (other, timestamp) in observed)
            {
                writer.Number(other);
                writer.Timestamp(timestamp);
            }
        }
    }

    public static OriginContexts Read(ref FrameReader reader)
    {
        var contexts = new OriginContexts();
        for (var count = reader.Number(); count > 0; count--)
        {
            var observed = contexts.Of((ushort)reader.Number());
            for (var others = reader.Number(); others > 0; others--)
                observed.Add((ushort)reader.Number(), reader.Timestamp());
        }
        return contexts;
    }
}
