using GeoFabric.Replication.Protocol;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>Connections between regions: delays, cuts, breaks, frames that come twice, damaged, or from a connection that is no more.</summary>
internal sealed class SimulatedNetwork(SimulationRun run, NetworkSettings settings, SeededRandom random)
{
    private readonly SortedDictionary<(ushort Low, ushort High), Connection> _connections = [];
    private readonly Dictionary<(ushort From, ushort To), int> _cuts = [];

    public long BytesSent { get; private set; }

    /// <summary>The part of it that carried records or snapshots.</summary>
    public long BulkBytesSent { get; private set; }

    public long FramesSent { get; private set; }

    /// <summary>Whether frames still get damaged, doubled and misdelivered.</summary>
    public bool IsFaulty { get; set; } = true;

    /// <summary>Lets two regions have a connection from now on.</summary>
    public void Join(ushort left, ushort right)
    {
        var key = Key(left, right);
        if (_connections.TryAdd(key, new Connection()))
            Dial(key, random.Time(TimeSpan.Zero, TimeSpan.FromMilliseconds(50)));
    }

    public void Send(ushort from, ushort to, FrameLane lane, ReadOnlyMemory<byte> frame)
    {
        if (!_connections.TryGetValue(Key(from, to), out var connection) || !connection.IsUp(from < to))
            return;
        run.Checks.IsSent(to, frame);
        BytesSent += frame.Length;
        BulkBytesSent += lane == FrameLane.Bulk ? frame.Length : 0;
        FramesSent++;
        if (_cuts.GetValueOrDefault((from, to)) > 0)
        {
            // The sender's kernel tries again until the connection ends.
            connection.Held.Add((from, lane, frame));
            return;
        }
        Transmit(connection, from, to, lane, frame);
    }

    private void Transmit(Connection connection, ushort from, ushort to, FrameLane lane, ReadOnlyMemory<byte> frame)
    {
        var arrival = connection.Arrival(run.Events.Now, from < to, lane, frame.Length / settings.BytesPerSecond, Latency(from, to) + BulkDelay(from, to, lane));
        var session = connection.Session;
        var bytes = IsFaulty && random.Chance(settings.CorruptChance) ? Damage(frame) : frame;
        run.Events.At(arrival, () => Arrive(connection, session, from, to, bytes));
        if (IsFaulty && random.Chance(settings.DuplicateChance))
            run.Events.At(arrival + random.Time(TimeSpan.Zero, TimeSpan.FromMilliseconds(300)), () => Arrive(connection, session, from, to, frame));
    }

    /// <summary>A region closes its side; the other hears of it if it can.</summary>
    public void Close(ushort region, ushort peer)
    {
        var key = Key(region, peer);
        if (!_connections.TryGetValue(key, out var connection) || !connection.IsUp(region < peer))
            return;
        connection.SetUp(region < peer, false);
        connection.Held.Clear();
        Tell(region, new PeerDisconnected(peer), connection.Session, connection);
        if (_cuts.GetValueOrDefault((region, peer)) == 0)
        {
            var session = connection.Session;
            run.Events.After(Latency(region, peer), () => Hangup(connection, session, peer, region));
        }
        Dial(key, random.Time(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(400)));
    }

    /// <summary>The connection breaks for both.</summary>
    public void Reset(ushort left, ushort right)
    {
        Close(left, right);
        Close(right, left);
    }

    /// <summary>A process is gone; the others' kernels learn of it.</summary>
    public void HasDied(ushort region)
    {
        foreach (var (low, high) in _connections.Keys.ToList())
        {
            if (low == region || high == region)
                Close(region, low == region ? high : low);
        }
    }

    public void Cut(ushort from, ushort to) => _cuts[(from, to)] = _cuts.GetValueOrDefault((from, to)) + 1;

    public void Mend(ushort from, ushort to)
    {
        _cuts[(from, to)] = Math.Max(0, _cuts.GetValueOrDefault((from, to)) - 1);
        if (_cuts[(from, to)] == 0 && _connections.TryGetValue(Key(from, to), out var connection))
            Release(connection, from, to);
    }

    public void MendAll()
    {
        _cuts.Clear();
        foreach (var ((low, high), connection) in _connections)
        {
            Release(connection, low, high);
            Release(connection, high, low);
        }
    }

    private void Release(Connection connection, ushort from, ushort to)
    {
        foreach (var (_, lane, frame) in connection.Held.Where(held => held.From == from))
            Transmit(connection, from, to, lane, frame);
        connection.Held.RemoveAll(held => held.From == from);
    }

    public void FetchConfiguration(SimulatedRegion region, ushort peer)
    {
        region.DoAfter(Latency(region.Id, peer) + Latency(peer, region.Id), () =>
        {
            if (IsReachable(region.Id, peer) && run.Region(peer) is { IsUp: true, IsPaused: false } source)
                region.Learn(source.Replica.Configuration);
        });
    }

    private bool IsReachable(ushort left, ushort right) => _cuts.GetValueOrDefault((left, right)) == 0 && _cuts.GetValueOrDefault((right, left)) == 0;

    private void Dial((ushort Low, ushort High) key, TimeSpan delay)
    {
        var connection = _connections[key];
        if (connection.IsDialling)
            return;
        connection.IsDialling = true;
        run.Events.After(delay, () =>
        {
            connection.IsDialling = false;
            if (connection.IsUp(true) && connection.IsUp(false))
                return;
            if (run.Region(key.Low) is not { IsUp: true, IsPaused: false } || run.Region(key.High) is not { IsUp: true, IsPaused: false } || !IsReachable(key.Low, key.High))
            {
                Dial(key, TimeSpan.FromMilliseconds(200));
                return;
            }
            connection.Begin();
            Tell(key.Low, new PeerConnected(key.High), connection.Session, connection);
            Tell(key.High, new PeerConnected(key.Low), connection.Session, connection);
        });
    }

    private void Hangup(Connection connection, int session, ushort region, ushort peer)
    {
        if (connection.Session != session || !connection.IsUp(region < peer))
            return;
        connection.SetUp(region < peer, false);
        Tell(region, new PeerDisconnected(peer), session, connection);
        Dial(Key(region, peer), random.Time(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(400)));
    }

    private void Tell(ushort region, CoreInput input, int session, Connection connection) => run.Region(region)?.Do(() =>
    {
        // While the process stood still another connection may have begun.
        if (connection.Session == session)
            run.Region(region)!.Step(input);
    });

    private void Arrive(Connection connection, int session, ushort from, ushort to, ReadOnlyMemory<byte> frame)
    {
        if (!connection.IsUp(to < from) || (connection.Session != session && !(IsFaulty && random.Chance(settings.GhostChance))))
            return;
        run.Region(to)?.Do(() =>
        {
            if (connection.IsUp(to < from))
                run.Region(to)!.Step(new FrameReceived(from, frame));
        });
    }

    private byte[] Damage(ReadOnlyMemory<byte> frame)
    {
        var damaged = frame.ToArray();
        damaged[random.Below(damaged.Length)] ^= (byte)(1 << random.Below(8));
        return damaged;
    }

    private TimeSpan BulkDelay(ushort from, ushort to, FrameLane lane) =>
        lane == FrameLane.Bulk ? settings.BulkDelayMax * Fraction(from, to, 2) : TimeSpan.Zero;

    /// <summary>The same for a pair all through a run, the other way a different one.</summary>
    private double Fraction(ushort from, ushort to, ulong purpose) => new SeededRandom(run.Plan.Seed).Fork((purpose << 32) | ((ulong)from << 16) | to).Fraction();

    private TimeSpan Latency(ushort from, ushort to)
    {
        if (settings.Latency is { } given)
            return given(from, to) + random.Time(TimeSpan.Zero, settings.Jitter);
        return settings.LatencyMin + ((settings.LatencyMax - settings.LatencyMin) * Fraction(from, to, 1)) + random.Time(TimeSpan.Zero, settings.Jitter);
    }

    private static (ushort Low, ushort High) Key(ushort left, ushort right) => left < right ? (left, right) : (right, left);

    /// <summary>A pair's connection; the low side is that of the region with the smaller number.</summary>
    private sealed class Connection
    {
        private readonly TimeSpan[] _free = new TimeSpan[4];
        private readonly TimeSpan[] _lastArrival = new TimeSpan[4];
        private bool _isLowUp;
        private bool _isHighUp;

        /// <summary>Frames that could not get through yet.</summary>
        public List<(ushort From, FrameLane Lane, ReadOnlyMemory<byte> Frame)> Held { get; } = [];

        public int Session { get; private set; }

        public bool IsDialling { get; set; }

        public bool IsUp(bool isLow) => isLow ? _isLowUp : _isHighUp;

        public void SetUp(bool isLow, bool isUp)
        {
            if (isLow)
                _isLowUp = isUp;
            else
                _isHighUp = isUp;
        }

        public void Begin()
        {
            Session++;
            Held.Clear();
            _isLowUp = _isHighUp = true;
            Array.Clear(_free);
            Array.Clear(_lastArrival);
        }

        /// <summary>Frames of a lane leave one after the other and arrive in their order.</summary>
        public TimeSpan Arrival(TimeSpan now, bool isFromLow, FrameLane lane, double seconds, TimeSpan latency)
        {
            var index = (isFromLow ? 0 : 2) + (int)lane;
            _free[index] = (_free[index] > now ? _free[index] : now) + TimeSpan.FromSeconds(seconds);
            var arrival = _free[index] + latency;
            return _lastArrival[index] = arrival > _lastArrival[index] ? arrival : _lastArrival[index];
        }
    }
}
