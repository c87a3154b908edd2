using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Hashing;
using GeoFabric.Replication.Frames;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>
/// The simplest document that needs everything the protocol promises: a register whose stamps and tombstones are forgotten when stable, exact
/// sums that count twice what is applied twice, and a set without tombstones that only causal delivery keeps right.
/// </summary>
internal sealed class ModelDocument
{
    private readonly SortedDictionary<ushort, long> _sums = [];
    private readonly SortedDictionary<long, SortedSet<RevisionStamp>> _elements = [];
    private long _register;
    private RevisionStamp _stamp;

    public bool IsEmpty => _register == 0 && _stamp == default && _sums.Count == 0 && _elements.Count == 0;

    public bool IsUnstable => _stamp != default || _elements.Values.Any(stamps => stamps.Max != default);

    public ModelValue Value => new(_register, _sums.Values.Sum(), [.. _elements.Keys]);

    public int MetadataBytes => (_stamp == default ? 0 : 10) + (_sums.Count * 10) + _elements.Values.Sum(stamps => stamps.Count(stamp => stamp != default) * 10);

    /// <param name="hasObserved">Whether the writer had seen a stamp.</param>
    public void Apply(ChangeVerb verb, long value, RevisionStamp stamp, Func<RevisionStamp, bool> hasObserved)
    {
        switch (verb)
        {
            case ChangeVerb.Set or ChangeVerb.Delete when stamp > _stamp || stamp == _stamp:
                _register = verb == ChangeVerb.Set ? value : 0;
                _stamp = stamp;
                break;
            case ChangeVerb.Add:
                _sums[stamp.Origin] = _sums.GetValueOrDefault(stamp.Origin) + value;
                break;
            case ChangeVerb.Include:
                if (!_elements.TryGetValue(value, out var stamps))
                    _elements.Add(value, stamps = []);
                stamps.Add(stamp);
                break;
            case ChangeVerb.Exclude when _elements.TryGetValue(value, out var present):
                present.RemoveWhere(dot => dot == default || hasObserved(dot));
                if (present.Count == 0)
                    _elements.Remove(value);
                break;
        }
    }

    /// <summary>Forgets stamps and tombstones up to a timestamp.</summary>
    public void Forget(HybridTimestamp stable)
    {
        if (_stamp.Timestamp <= stable)
            _stamp = default;
        foreach (var stamps in _elements.Values)
        {
            if (stamps.RemoveWhere(stamp => stamp.Timestamp <= stable) > 0)
                stamps.Add(default);
        }
    }

    public ulong Hash(ModelKey key) => Hash(key, Value);

    /// <summary>A hash of what a document shows, its elements in ascending order.</summary>
    public static ulong Hash(ModelKey key, ModelValue value)
    {
        // A document in which nothing can be seen is the same as none.
        if (value.Register == 0 && value.Sum == 0 && value.Elements.Count == 0)
            return 0;
        var writer = new FrameWriter(64);
        writer.Number(key.Scope);
        writer.Byte((byte)key.Kind);
        writer.Number((ulong)key.Number);
        writer.Signed(value.Register);
        writer.Signed(value.Sum);
        foreach (var element in value.Elements)
            writer.Signed(element);
        return XxHash64.Hash(writer.Written);
    }

    public void Write(FrameWriter writer)
    {
        writer.Signed(_register);
        WriteStamp(writer, _stamp);
        writer.Number((ulong)_sums.Count);
        foreach (var (region, sum) in _sums)
        {
            writer.Number(region);
            writer.Signed(sum);
        }
        writer.Number((ulong)_elements.Count);
        foreach (var (element, stamps) in _elements)
        {
            writer.Signed(element);
            writer.Number((ulong)stamps.Count);
            foreach (var stamp in stamps)
                WriteStamp(writer, stamp);
        }
    }

    public static ModelDocument Read(ref FrameReader reader)
    {
        var document = new ModelDocument { _register = reader.Signed(), _stamp = ReadStamp(ref reader) };
        for (var count = reader.Number(); count > 0; count--)
            document._sums.Add((ushort)reader.Number(), reader.Signed());
        for (var count = reader.Number(); count > 0; count--)
        {
            var element = reader.Signed();
            var stamps = new SortedSet<RevisionStamp>();
            for (var dots = reader.Number(); dots > 0; dots--)
                stamps.Add(ReadStamp(ref reader));
            document._elements.Add(element, stamps);
        }
        return document;
    }

    private static void WriteStamp(FrameWriter writer, RevisionStamp stamp)
    {
        writer.Timestamp(stamp.Timestamp);
        writer.Number(stamp.Origin);
    }

    private static RevisionStamp ReadStamp(ref FrameReader reader)
    {
        var timestamp = reader.Timestamp();
        return new RevisionStamp(timestamp, (ushort)reader.Number());
    }
}
