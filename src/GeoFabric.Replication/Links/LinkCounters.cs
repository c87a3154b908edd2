using GeoFabric.Replication.Protocol;

namespace GeoFabric.Replication.Links;

/// <summary>What went over the links to one peer since the region started; outlives connections.</summary>
public sealed class LinkCounters
{
    private readonly long[] _refused = new long[Enum.GetValues<RefusalReason>().Length];

    public long FramesSent { get; internal set; }

    public long FramesReceived { get; internal set; }

    public long BytesSent { get; internal set; }

    public long BytesReceived { get; internal set; }

    public long RecordsSent { get; internal set; }

    public long RecordsReceived { get; internal set; }

    /// <summary>Records that had come before.</summary>
    public long Duplicates { get; internal set; }

    /// <summary>Pulls asked of the peer.</summary>
    public long Pulls { get; internal set; }

    public long Connections { get; internal set; }

    /// <summary>Frames or records refused for a reason.</summary>
    public long Refused(RefusalReason reason) => _refused[(int)reason];

    internal void Refuse(RefusalReason reason, int count = 1) => _refused[(int)reason] += count;
}
