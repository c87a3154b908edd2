using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Replication.Delivery;

/// <summary>The log of one region on its way in: what has been handed over, what follows without a gap, and what lies beyond a gap.</summary>
internal sealed class OriginStream(OriginPosition delivered, ProtocolRules rules)
{
    private readonly Queue<PendingRecord> _waiting = [];
    private readonly SortedDictionary<ulong, PendingRecord> _beyondGap = [];
    private PendingRecord? _lastReceived;
    private int _wholeTransactions;

    /// <summary>Through here everything has been handed over for applying; its timestamp is that of a record, never a watermark.</summary>
    public OriginPosition Delivered { get; private set; } = delivered;

    /// <summary>Last sequence that is held without a gap, handed over or not.</summary>
    public ulong ReceivedThrough { get; private set; } = delivered.Sequence;

    public OriginPosition Received => Delivered with { Sequence = ReceivedThrough };

    /// <summary>Records are held that cannot be used before others come.</summary>
    public bool HasGap => _beyondGap.Count > 0;

    public bool HasWholeTransaction => _wholeTransactions > 0;

    /// <summary>Whether the first transaction waits for another region's records.</summary>
    public bool IsBlocked { get; set; }

    /// <summary>The furthest that anybody said to be in this log.</summary>
    public OriginPosition Furthest { get; set; }

    /// <summary>When something came last that had not come before.</summary>
    public DateTimeOffset LastArrival { get; set; }

    /// <summary>Since when somebody is known to be further; null while nobody is.</summary>
    public DateTimeOffset? BehindSince { get; set; }

    public IEnumerable<PendingRecord> Waiting => _waiting;

    public bool Holds(ulong sequence) => _beyondGap.ContainsKey(sequence);

    /// <summary>Keeps a record that has not been received before, and those beyond the gap that it may have filled.</summary>
    /// <param name="dropped">Records beyond the gap that turn out not to follow.</param>
    /// <returns>Whether it fits those before it.</returns>
    public bool TryKeep(PendingRecord record, ICollection<PendingRecord> dropped)
    {
        if (!rules.Follows(record.Header.Sequence, ReceivedThrough))
        {
            _beyondGap.Add(record.Header.Sequence, record);
            return true;
        }
        if (!TryAppend(record))
            return false;
        while (_beyondGap.Count > 0 && _beyondGap.First() is var (sequence, next) && sequence <= ReceivedThrough + 1)
        {
            _beyondGap.Remove(sequence);
            if (!TryAppend(next))
                dropped.Add(next);
        }
        return true;
    }

    /// <summary>Takes the first whole transaction, part by part.</summary>
    public IEnumerable<PendingRecord> TakeTransaction()
    {
        while (true)
        {
            var record = _waiting.Dequeue();
            yield return record;
            if (!record.EndsTransaction)
                continue;
            _wholeTransactions--;
            Delivered = new OriginPosition(record.Header.Origin.Region, Delivered.Incarnation, record.Header.LastSequence, record.Header.Timestamp);
            yield break;
        }
    }

    /// <summary>Moves to a position without records: own transactions, the next incarnation, an installed snapshot.</summary>
    /// <returns>What was held.</returns>
    public IReadOnlyList<PendingRecord> MoveTo(OriginPosition position)
    {
        PendingRecord[] held = _waiting.Count + _beyondGap.Count == 0 ? [] : [.. _waiting, .. _beyondGap.Values];
        _waiting.Clear();
        _beyondGap.Clear();
        _wholeTransactions = 0;
        _lastReceived = null;
        IsBlocked = false;
        Delivered = position;
        ReceivedThrough = position.Sequence;
        return held;
    }

    private bool TryAppend(PendingRecord record)
    {
        var header = record.Header;
        if (header.LastSequence < header.Sequence || !FollowsInTime(record))
            return false;
        _waiting.Enqueue(record);
        _lastReceived = record;
        ReceivedThrough = header.LastSequence;
        if (record.EndsTransaction)
            _wholeTransactions++;
        return true;
    }

    /// <summary>Parts of one transaction share a timestamp; otherwise it grows.</summary>
    private bool FollowsInTime(PendingRecord record) => _lastReceived is { EndsTransaction: false } part
        ? record.Header.Timestamp == part.Header.Timestamp
        : rules.ComesAfter(record.Header.Timestamp, _lastReceived?.Header.Timestamp ?? Delivered.Timestamp);
}
