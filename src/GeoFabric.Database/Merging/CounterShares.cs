using System.Collections.Immutable;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Merging;

/// <summary>What each region has added to a number in total, and when it last did. Immutable; in the order of the regions.</summary>
/// <remarks>
/// Amounts are integers as long as all increments are and the sum fits; then doubles. A region's amount is summed in the order of its log and regions in
/// the order of their numbers, so all regions get the same double.
/// </remarks>
internal sealed record CounterShares(ImmutableSortedDictionary<ushort, CounterShare> Shares)
{
    public static CounterShares Empty { get; } = new(ImmutableSortedDictionary<ushort, CounterShare>.Empty);

    public CounterShares Add(RevisionStamp stamp, Value amount)
    {
        var share = Shares.GetValueOrDefault(stamp.Origin, new CounterShare(Value.FromInteger(0), default));
        return new CounterShares(Shares.SetItem(stamp.Origin, new CounterShare(Sum(share.Amount, amount), stamp.Timestamp)));
    }

    /// <summary>The later share of each region: what both sides know.</summary>
    public CounterShares Join(CounterShares other)
    {
        var shares = Shares;
        foreach (var (region, share) in other.Shares)
        {
            if (!shares.TryGetValue(region, out var own) || own.Last < share.Last)
                shares = shares.SetItem(region, share);
        }
        return new CounterShares(shares);
    }

    /// <summary><paramref name="start"/> and all that is here and not in <paramref name="contained"/>.</summary>
    public Value AddTo(Value start, CounterShares contained)
    {
        foreach (var (region, share) in Shares)
        {
            start = Sum(start, share.Amount);
            if (contained.Shares.TryGetValue(region, out var known))
                start = Sum(start, Negate(known.Amount));
        }
        return start;
    }

    /// <summary>The last increment that <paramref name="contained"/> does not contain; zero for none.</summary>
    public RevisionStamp LastBeyond(CounterShares contained)
    {
        RevisionStamp last = default;
        foreach (var (region, share) in Shares)
        {
            if (contained.Shares.TryGetValue(region, out var known) && known.Last >= share.Last)
                continue;
            var stamp = new RevisionStamp(share.Last, region);
            if (stamp > last)
                last = stamp;
        }
        return last;
    }

    public bool Equals(CounterShares? other) => other is not null && Shares.SequenceEqual(other.Shares);

    public override int GetHashCode() => Shares.Count;

    /// <summary>An integer as long as both are and it fits, then a double.</summary>
    public static Value Sum(Value left, Value right)
    {
        if (left.IsInteger && right.IsInteger)
        {
            var sum = unchecked(left.Integer + right.Integer);
            if (((left.Integer ^ sum) & (right.Integer ^ sum)) >= 0)
                return Value.FromInteger(sum);
        }
        // Beyond the doubles there is only the largest one.
        return Value.FromDouble(Math.Clamp(left.Number + right.Number, -double.MaxValue, double.MaxValue));
    }

    public static Value Negate(Value amount) =>
        amount.IsInteger && amount.Integer != long.MinValue ? Value.FromInteger(-amount.Integer) : Value.FromDouble(-amount.Number);
}

/// <param name="Last">Timestamp of the last increment in it.</param>
internal readonly record struct CounterShare(Value Amount, HybridTimestamp Last);
