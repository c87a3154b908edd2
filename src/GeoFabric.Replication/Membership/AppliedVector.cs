namespace GeoFabric.Replication.Membership;

/// <summary>How far the log of each region has been applied; at most one position a region, in the order of their numbers. Immutable.</summary>
public sealed class AppliedVector : IEquatable<AppliedVector>
{
    private readonly OriginPosition[] _positions;

    private AppliedVector(OriginPosition[] sorted) => _positions = sorted;

    public static AppliedVector Empty { get; } = new([]);

    public int Count => _positions.Length;

    public IReadOnlyList<OriginPosition> Positions => _positions;

    /// <summary>The position of a region; incarnation 0 and sequence 0 when there is none.</summary>
    public OriginPosition this[ushort region] => Find(region) is var index and >= 0 ? _positions[index] : new OriginPosition(region, 0, 0, default);

    /// <exception cref="ArgumentException">Two positions are of one region.</exception>
    public static AppliedVector Of(IEnumerable<OriginPosition> positions)
    {
        var sorted = positions.OrderBy(position => position.Region).ToArray();
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Region == sorted[i - 1].Region)
                throw new ArgumentException($"Region {sorted[i].Region} has two positions.", nameof(positions));
        }
        return sorted.Length == 0 ? Empty : new AppliedVector(sorted);
    }

    /// <summary>The same with one region's position replaced.</summary>
    public AppliedVector With(OriginPosition position)
    {
        var index = Find(position.Region);
        if (index >= 0)
        {
            var copy = (OriginPosition[])_positions.Clone();
            copy[index] = position;
            return new AppliedVector(copy);
        }
        var longer = new OriginPosition[_positions.Length + 1];
        var at = ~index;
        Array.Copy(_positions, longer, at);
        longer[at] = position;
        Array.Copy(_positions, at, longer, at + 1, _positions.Length - at);
        return new AppliedVector(longer);
    }

    /// <summary>What at least one of the two has applied, region by region.</summary>
    public AppliedVector Join(AppliedVector other)
    {
        var joined = this;
        foreach (var position in other._positions)
        {
            var merged = joined[position.Region].Join(position);
            if (merged != joined[position.Region])
                joined = joined.With(merged);
        }
        return joined;
    }

    /// <summary>Whether nothing that <paramref name="other"/> has applied is missing here.</summary>
    public bool Covers(AppliedVector other)
    {
        foreach (var position in other._positions)
        {
            if (this[position.Region].IsBehind(position))
                return false;
        }
        return true;
    }

    /// <summary>The positions that differ from those of <paramref name="earlier"/>.</summary>
    public AppliedVector ChangesSince(AppliedVector earlier)
    {
        if (ReferenceEquals(this, earlier))
            return Empty;
        var changes = Array.FindAll(_positions, position => earlier[position.Region] != position);
        return changes.Length == 0 ? Empty : new AppliedVector(changes);
    }

    public bool Equals(AppliedVector? other) => other is not null && _positions.AsSpan().SequenceEqual(other._positions);

    public override bool Equals(object? obj) => Equals(obj as AppliedVector);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var position in _positions)
            hash.Add(position);
        return hash.ToHashCode();
    }

    public Enumerator GetEnumerator() => new(_positions);

    public override string ToString() => string.Join(' ', _positions.Select(position => $"{position.Region}.{position.Incarnation}:{position.Sequence}"));

    private int Find(ushort region)
    {
        // Regions are few; a search by halves costs more than it saves below some thirty.
        for (var i = 0; i < _positions.Length; i++)
        {
            if (_positions[i].Region >= region)
                return _positions[i].Region == region ? i : ~i;
        }
        return ~_positions.Length;
    }

    /// <summary>Goes over the positions without allocating.</summary>
    public struct Enumerator(OriginPosition[] positions)
    {
        private int _index = -1;

        public readonly OriginPosition Current => positions[_index];

        public bool MoveNext() => ++_index < positions.Length;
    }
}
