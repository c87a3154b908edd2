using GeoFabric.Database.Analysis;

namespace GeoFabric.Query.Evaluation;

/// <summary>The longest row of rising positions, at most one from each list, in the order of the lists.</summary>
internal sealed class PositionChain
{
    // The least position in which a row of that length can end.
    private readonly List<int> _ends = [];

    public int Length => _ends.Count;

    public void Clear() => _ends.Clear();

    public void Add(List<int> positions)
    {
        // From the greatest down: so no two of one list stand in one row.
        for (var i = positions.Count - 1; i >= 0; i--)
        {
            var place = _ends.BinarySearch(positions[i]);
            if (place >= 0)
                continue;
            if (~place == _ends.Count)
                _ends.Add(positions[i]);
            else
                _ends[~place] = positions[i];
        }
    }

    /// <summary>Whether a text's tokens have enough of the target's in their order.</summary>
    public static bool Matches(TokenList target, TokenList text, double threshold, Action throwIfStopped)
    {
        if (target.Count == 0)
            return false;
        var chain = new PositionChain();
        var positions = new List<int>();
        for (var i = 0; i < target.Count; i++)
        {
            throwIfStopped();
            positions.Clear();
            for (var j = 0; j < text.Count; j++)
            {
                if (text[j].SequenceEqual(target[i]))
                    positions.Add(text.PositionAt(j));
            }
            chain.Add(positions);
        }
        return (double)chain.Length / target.Count >= threshold;
    }
}
