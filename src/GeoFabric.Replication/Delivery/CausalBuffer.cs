using GeoFabric.Database.Layout;
using GeoFabric.Replication.Links;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Replication.Delivery;

/// <summary>
/// Puts records of all origins into causal order. A record is handed over when it is the next of its origin, its transaction is whole, and
/// everything its origin had applied when it was written has been handed over before.
/// </summary>
/// <remarks>
/// Only the first transaction of each origin is looked at, and only when the one thing it waits for has come, so a record costs the same
/// however many wait. Heads cannot wait for each other in a circle: dependencies name records that were written earlier.
/// </remarks>
internal sealed class CausalBuffer
{
    private readonly StepContext _context;
    private readonly SortedDictionary<ushort, OriginStream> _streams = [];
    private readonly WaitIndex _waitIndex = new();
    private readonly SortedSet<ushort> _toCheck = [];
    private readonly Queue<PendingRecord> _handedOver = [];
    private readonly List<PendingRecord> _dropped = [];
    private List<ReadOnlyMemory<byte>> _ready = [];
    private long _waitingBytes;

    public CausalBuffer(StepContext context)
    {
        _context = context;
        Adopt();
    }

    /// <summary>Streams of every region of the configuration, in the order of their numbers.</summary>
    public SortedDictionary<ushort, OriginStream> Streams => _streams;

    /// <summary>Whether records have been handed over that are not known to be durable.</summary>
    public bool IsApplying => _handedOver.Count > 0;

    /// <summary>Nothing more is made ready, so that what has been handed over can come to its end.</summary>
    public bool IsHalted { get; set; }

    public bool HasRoom => _waitingBytes < _context.Options.WaitingBytesMax;

    public OriginStream? Find(ushort region) => _streams.GetValueOrDefault(region);

    /// <summary>Takes a record in. Its ticket is returned at once when it is not kept.</summary>
    public OfferResult Offer(PendingRecord record)
    {
        if (!HasRoom)
            Advance();
        var result = Judge(record.Header);
        if (result.Outcome != OfferOutcome.Kept)
        {
            record.Ticket?.Return();
            return result;
        }
        var stream = _streams[record.Header.Origin.Region];
        if (!stream.TryKeep(record, _dropped))
        {
            record.Ticket?.Return();
            return OfferResult.Refuse(RefusalReason.OutOfOrder);
        }
        _waitingBytes += record.Record.Length;
        // A transaction larger than the window would wait for room that only its own end can make.
        if (!record.EndsTransaction)
            record.Ticket?.Return();
        Forget(_dropped);
        stream.LastArrival = _context.Now;
        if (!stream.IsBlocked)
            _toCheck.Add(record.Header.Origin.Region);
        return OfferResult.Kept;
    }

    /// <summary>Makes ready everything whose turn it is, in causal order.</summary>
    public void Advance()
    {
        while (_toCheck.Count > 0 && !IsHalted)
        {
            var region = _toCheck.Min;
            _toCheck.Remove(region);
            var stream = _streams[region];
            stream.IsBlocked = false;
            while (stream.HasWholeTransaction && !Blocks(stream, region))
            {
                foreach (var record in stream.TakeTransaction())
                {
                    _waitingBytes -= record.Record.Length;
                    _ready.Add(record.Record);
                    _handedOver.Enqueue(record);
                }
                HasMoved(stream);
            }
        }
    }

    /// <summary>Hands over everything whose turn it is, in causal order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> HandOver()
    {
        Advance();
        if (_ready.Count == 0)
            return [];
        var records = _ready;
        _ready = [];
        return records;
    }

    /// <summary>Records handed over are durable through here.</summary>
    public void HasApplied(AppliedVector applied)
    {
        while (_handedOver.TryPeek(out var record))
        {
            var header = record.Header;
            if (applied[header.Origin.Region].IsBehind(new OriginPosition(header.Origin.Region, header.Origin.Incarnation, header.LastSequence, default)))
                return;
            record.Ticket?.Return();
            _handedOver.Dequeue();
        }
    }

    /// <summary>Own transactions need no delivery; others may wait for them.</summary>
    public void HasCommitted(OriginPosition position)
    {
        var stream = _streams[position.Region];
        stream.MoveTo(position);
        HasMoved(stream);
    }

    /// <summary>Takes the regions and ends of the present configuration, and looks at everything again.</summary>
    public void Adopt()
    {
        foreach (var region in _context.Configuration.Regions)
        {
            if (!_streams.ContainsKey(region))
                _streams.Add(region, new OriginStream(_context.Configuration.Normalize(_context.Applied[region]), _context.Rules));
        }
        foreach (var (region, stream) in _streams)
        {
            HasMoved(stream);
            if (_context.Configuration.IsHalted(stream.Received.Origin))
                Forget(stream.MoveTo(stream.Delivered));
            stream.IsBlocked = false;
            _toCheck.Add(region);
        }
    }

    /// <summary>Begins anew at the applied vector: what was held is dropped.</summary>
    public void Restart()
    {
        foreach (var stream in _streams.Values)
            Forget(stream.MoveTo(_context.Configuration.Normalize(_context.Applied[stream.Delivered.Region])));
        foreach (var record in _handedOver)
            record.Ticket?.Return();
        _handedOver.Clear();
        _ready.Clear();
        _waitIndex.Clear();
    }

    private OfferResult Judge(in ChangeRecordHeader header)
    {
        var stream = _streams[header.Origin.Region];
        var current = stream.Delivered.Incarnation;
        if (!_context.Rules.IsOfIncarnation(header.Origin.Incarnation, current))
            return header.Origin.Incarnation < current ? OfferResult.Duplicate : OfferResult.Refuse(RefusalReason.NoRoom);
        if (_context.Rules.IsDuplicate(header.LastSequence, stream.ReceivedThrough) || stream.Holds(header.Sequence))
            return OfferResult.Duplicate;
        if (_context.Configuration.IsHalted(header.Origin) || !_context.Rules.IsWithinEnd(header.LastSequence, _context.Configuration.LastSequence(header.Origin)))
            return OfferResult.Refuse(RefusalReason.ClosedOrigin);
        if (header.Timestamp <= _context.Stable)
            return OfferResult.Refuse(RefusalReason.BelowStable);
        if (_context.IsTooFarAhead(header.Timestamp.UnixMilliseconds))
            return OfferResult.Refuse(RefusalReason.ClockAhead);
        // The first transaction of an origin may always become whole: it is what makes room.
        var isWanted = header.Sequence == stream.ReceivedThrough + 1 && !stream.HasWholeTransaction;
        return HasRoom || isWanted ? OfferResult.Kept : OfferResult.Refuse(RefusalReason.NoRoom);
    }

    private bool Blocks(OriginStream stream, ushort region)
    {
        foreach (var record in stream.Waiting)
        {
            // Until the configuration is known it is not clear by which rules the record counts; Adopt looks again.
            if (record.Header.Epoch > _context.Configuration.Epoch)
                return stream.IsBlocked = true;
            foreach (var dependency in record.Header.Dependencies)
            {
                var reached = _streams.TryGetValue(dependency.Region, out var other) ? other.Delivered.Timestamp : default;
                if (_context.Rules.IsMet(dependency.Timestamp, reached))
                    continue;
                _waitIndex.Add(region, dependency);
                return stream.IsBlocked = true;
            }
            if (record.EndsTransaction)
                return false;
        }
        return false;
    }

    /// <summary>Goes on to the region's next incarnation when this one is through, and wakes who waited.</summary>
    private void HasMoved(OriginStream stream)
    {
        var position = _context.Configuration.Normalize(stream.Delivered);
        if (position.Incarnation != stream.Delivered.Incarnation)
            Forget(stream.MoveTo(position));
        _waitIndex.Wake(position.Region, position.Timestamp, _toCheck);
    }

    private void Forget(IReadOnlyCollection<PendingRecord> records)
    {
        foreach (var record in records)
        {
            _waitingBytes -= record.Record.Length;
            record.Ticket?.Return();
        }
        if (ReferenceEquals(records, _dropped))
            _dropped.Clear();
    }
}
