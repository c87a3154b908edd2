namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>The records of one origin that a replica holds.</summary>
internal sealed class ModelLog
{
    private readonly List<ReadOnlyMemory<byte>> _records = [];

    public ulong First { get; private set; } = 1;

    public ulong Last => First + (ulong)_records.Count - 1;

    public void Append(ulong sequence, ReadOnlyMemory<byte> record)
    {
        if (_records.Count == 0)
            First = sequence;
        // A replica that was told to apply what does not follow is wrong already; its log must not hide that by failing here.
        if (sequence == Last + 1)
            _records.Add(record);
    }

    public List<ReadOnlyMemory<byte>> Read(ulong fromSequence, int bytesMax)
    {
        var read = new List<ReadOnlyMemory<byte>>();
        var bytes = 0;
        for (var sequence = Math.Max(fromSequence, First); sequence <= Last && bytes < bytesMax; sequence++)
        {
            var record = _records[(int)(sequence - First)];
            bytes += record.Length;
            read.Add(record);
        }
        return read;
    }

    public void DropThrough(ulong sequence)
    {
        var count = (int)(Math.Min(sequence + 1, Last + 1) - Math.Min(First, sequence + 1));
        _records.RemoveRange(0, count);
        First += (ulong)count;
    }

    /// <summary>Holds nothing, and goes on behind this sequence.</summary>
    public void RestartBehind(ulong sequence)
    {
        _records.Clear();
        First = sequence + 1;
    }

    public ModelLog Copy()
    {
        var copy = new ModelLog { First = First };
        copy._records.AddRange(_records);
        return copy;
    }
}
