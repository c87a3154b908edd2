using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Links;
using GeoFabric.Replication.Membership;

namespace GeoFabric.Replication.Stability;

/// <summary>
/// The promises of origins that nothing more will come below a timestamp. They let regions that write nothing take part in stability and staleness.
/// Kept in memory only: after a restart the next beats bring them again.
/// </summary>
internal sealed class WatermarkTable(StepContext context)
{
    private readonly SortedDictionary<ushort, OriginPosition> _promised = [];
    private AppliedVector? _vector;

    /// <summary>What has been applied here, with the watermarks that count.</summary>
    public AppliedVector Vector => _vector ??= Compute();

    /// <summary>Notes that an origin promised nothing more at or before the position's timestamp behind its sequence.</summary>
    public void Promise(OriginPosition promise)
    {
        if (_promised.TryGetValue(promise.Region, out var earlier) && !earlier.IsBehind(promise) && earlier.Timestamp >= promise.Timestamp)
            return;
        _promised[promise.Region] = promise;
        _vector = null;
    }

    /// <summary>What has been applied, or where origins end, has changed.</summary>
    public void Refresh() => _vector = null;

    private AppliedVector Compute()
    {
        var positions = new List<OriginPosition>(context.Configuration.Regions.Length);
        foreach (var region in context.Configuration.Regions)
        {
            var position = context.Configuration.Normalize(context.Applied[region]);
            positions.Add(position with { Timestamp = Latest(position) });
        }
        return AppliedVector.Of(positions);
    }

    private HybridTimestamp Latest(OriginPosition position) =>
        _promised.TryGetValue(position.Region, out var promise)
        && promise.Incarnation == position.Incarnation
        && promise.Timestamp > position.Timestamp
        && context.Rules.CountsWatermark(promise.Sequence, position.Sequence)
            ? promise.Timestamp
            : position.Timestamp;
}
