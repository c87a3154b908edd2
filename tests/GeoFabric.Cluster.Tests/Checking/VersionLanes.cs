using System.Runtime.InteropServices;

namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>The present writers of each key by lane, so that the last one a transaction had to see is found by a binary search.</summary>
internal sealed class VersionLanes
{
    private readonly CausalOrder _order;

    /// <summary>By key: the lanes that write it, with the ascending positions of the writers.</summary>
    private readonly List<(int Lane, List<int> Positions)>[] _lanes;

    public VersionLanes(ReadsFrom reads, CausalOrder order)
    {
        _order = order;
        _lanes = new List<(int, List<int>)>[reads.KeyCount];
        for (var key = 0; key < _lanes.Length; key++)
            _lanes[key] = [];
        foreach (var transaction in order.Order)
        {
            foreach (var key in reads.WrittenKeysOf(transaction))
                PositionsOf(key, order.LaneOf(transaction)).Add(order.PositionOf(transaction));
        }
    }

    /// <summary>Appends, for each lane, the last writer of the key that happened before the transaction. Earlier ones of a lane happened before its last.</summary>
    public void FindLastBefore(int transaction, int key, List<int> found)
    {
        foreach (var (lane, positions) in CollectionsMarshal.AsSpan(_lanes[key]))
        {
            var count = lane == _order.LaneOf(transaction) ? _order.PositionOf(transaction) : _order.CountBefore(transaction, lane);
            if (count == 0 || positions[0] >= count)
                continue;
            var index = positions.BinarySearch(count - 1);
            found.Add(_order.MemberAt(lane, positions[index >= 0 ? index : ~index - 1]));
        }
    }

    private List<int> PositionsOf(int key, int lane)
    {
        foreach (var candidate in CollectionsMarshal.AsSpan(_lanes[key]))
        {
            if (candidate.Lane == lane)
                return candidate.Positions;
        }
        var positions = new List<int>();
        _lanes[key].Add((lane, positions));
        return positions;
    }
}
